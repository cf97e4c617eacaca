import type { FollowedFile, SizedFile } from '../contract.js';
import { MAX_TARGET_BYTES } from '../output/limits.js';

/** What is at a path of a tree, or on the way to it. */
export interface Met extends SizedFile {
  /** The path asked for, or a link or file above it. */
  readonly path: string;
  readonly isLink: boolean;
}

/** Linux follows this many links in one path. */
const MAX_LINKS = 40;

/**
 * Follows symbolic links inside a tree that can be asked for one path at a time. `meet` includes the content of links up to
 * `MAX_TARGET_BYTES`. See `Tree.follow`.
 */
export async function followLinks(
  path: string,
  meet: (path: string) => Promise<Met | null>,
): Promise<FollowedFile | null> {
  const links: string[] = [];
  let target: string | null = path;
  while (target !== null && links.length < MAX_LINKS) {
    const met = await meet(target);
    if (met === null) return null;
    const { blob, size, content } = met;
    if (!met.isLink) return met.path === target ? { blob, size, content, target, links } : null;
    if (content === null || size > MAX_TARGET_BYTES) return null;
    links.push(met.path);
    target = inside(met.path, content.toString(), target.slice(met.path.length));
  }
  return null;
}

/** The target of a link plus the rest of the path. Null if it leads outside. */
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
