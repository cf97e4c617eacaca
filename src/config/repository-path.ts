import { posix } from 'node:path';

/** A path inside a repository in its one spelling ('' is the root), or null if the text is absolute or leaves the repository. */
export function repositoryPath(text: string): string | null {
  if (text.startsWith('/') || text.includes('\0')) return null;
  const path = posix.normalize(text).replace(/\/$/, '');
  if (path === '..' || path.startsWith('../')) return null;
  return path === '.' ? '' : path;
}
