import { SlipwayError } from '../errors.js';
import { encodeName } from '../name-bytes.js';

/**
 * Go's `path.Clean`: resolves doubled slashes, `.` and inner `..`, and removes a trailing slash; '' becomes '.'. Docker cleans patterns and
 * sources with it (https://pkg.go.dev/path#Clean).
 */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push('..');
  }
  const joined = kept.join('/');
  if (rooted) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** The path below a root that nothing leaves: `../x`, `/x` and `./x` are all `x`. The root itself is ''. */
export function rootedPath(path: string): string {
  return cleanPath(`/${path}`).slice(1);
}

/** `folder` + `/` + `path`. '' is the root. */
export function joinPath(folder: string, path: string): string {
  if (folder === '') return path;
  return path === '' ? folder : `${folder}/${path}`;
}

/** The folder that holds the path. '' is the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The path relative to the folder ('' is the root), or null if it is not below it. The folder itself gives ''. */
export function pathBelow(folder: string, path: string): string | null {
  if (folder === '') return path;
  if (path === folder) return '';
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}

/** Every folder above the path, outermost first, without the root. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
    folders.push(path.slice(0, slash));
  return folders;
}

/** Every folder above one of these files, without the root. */
export function foldersOf(files: Iterable<{ readonly path: string }>): Set<string> {
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let folder = parentOf(path); folder !== '' && !folders.has(folder); folder = parentOf(folder))
      folders.add(folder);
  }
  return folders;
}

/** Compares names by their bytes, as git and the engine sort. JavaScript's order differs only after the surrogates. */
export function byBytes(a: string, b: string): number {
  if (beyondUtf16Order.test(a) || beyondUtf16Order.test(b)) return Buffer.compare(encodeName(a), encodeName(b));
  return a < b ? -1 : Number(a > b);
}

const beyondUtf16Order = /[\ud800-\uffff]/;

/**
 * Returns the path if it stays inside its root and can be a file of a context.
 * @throws SlipwayError `unsafe-path` for an absolute or empty name, an empty, `.`, `..` or `.git` segment, or a NUL.
 */
export function safePath(path: string): string {
  if (path.includes('\0') || unsafeSegment.test(path))
    throw new SlipwayError(
      'unsafe-path',
      `The path ${JSON.stringify(path)} leaves its folder or names git's own files.`,
    );
  return path;
}

const unsafeSegment = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;
