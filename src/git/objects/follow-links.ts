import type { FollowedFile, SizedFile } from '../contract.js';
import { longestTarget } from '../limits.js';

/** What lies at a path of a tree, or in its way. */
export interface Met extends SizedFile {
  /** The path, or that of a link or file among the folders above it. */
  readonly path: string;
  readonly isLink: boolean;
}

/** As many links as Linux looks through in one path. */
const mostLinks = 40;

/**
 * Follows symbolic links inside a tree of which one path at a time can be asked: `meet` has the content of a link that has at most
 * `longestTarget` bytes. See `Tree.follow`.
 */
export async function followLinks(
  path: string,
  meet: (path: string) => Promise<Met | null>,
): Promise<FollowedFile | null> {
  const links: string[] = [];
  let target: string | null = path;
  while (target !== null && links.length < mostLinks) {
    const met = await meet(target);
    if (met === null) return null;
    const { blob, size, content } = met;
    if (!met.isLink) return met.path === target ? { blob, size, content, target, links } : null;
    if (content === null || size > longestTarget) return null;
    links.push(met.path);
    target = inside(met.path, content.toString(), target.slice(met.path.length));
  }
  return null;
}

/** Where a link leads, with what of the path is behind it; null where that is outside. */
function inside(link: string, leadsTo: string, behind: string): string | null {
  if (leadsTo.startsWith('/')) return null;
  const kept: string[] = link.split('/').slice(0, -1);
  for (const part of `${leadsTo}${behind}`.split('/')) {
    if (part === '..') {
      if (kept.pop() === undefined) return null;
    } else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept.join('/');
}
