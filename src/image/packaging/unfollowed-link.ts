import type { Tree } from '../../git/contract.js';
import { foldersAbove, joinPath, parentOf } from '../../patterns/paths.js';

/** A symbolic link that is at a path, or on the way to it, and leads to no file. */
export interface UnfollowedLink {
  readonly link: string;
  readonly target: string;
  /** Completes "which …". */
  readonly why: string;
}

/** As many as `Tree.follow` follows. */
const MAX_LINKS = 40;

/** As long as a target may be for `Tree.follow`. */
const MAX_TARGET_BYTES = 4096;

/**
 * Why a path to which `Tree.follow` says null leads to no file although something is there. Null if nothing is there, or if a folder on the way
 * is a sound link. Asked after a file was not found.
 */
export async function unfollowedLink(tree: Tree, commit: string, path: string): Promise<UnfollowedLink | null> {
  const first = await linkAlong(tree, commit, path);
  if (first === null) return null;
  const said = (why: string): UnfollowedLink => ({ link: first.path, target: shown(first.target), why });
  let at = path;
  let link: Link | null = first;
  let isFile = false;
  for (let links = 0; link !== null; links += 1) {
    if (links >= MAX_LINKS) return said('leads through too many links, or in a circle');
    if (link.target === null) return said(`has over ${MAX_TARGET_BYTES} bytes as its target`);
    const next: string | null = inside(link.path, link.target, at.slice(link.path.length));
    if (next === null) return said('leads out of the repository');
    isFile ||= link.path === at;
    at = next;
    link = await linkAlong(tree, commit, at);
  }
  if ((await tree.list(commit, at)).length > 0) return said('leads to a folder');
  // A sound link to a folder that has no such file.
  return isFile ? said('leads to nothing in the commit') : null;
}

interface Link {
  readonly path: string;
  /** Null if it is too long. */
  readonly target: string | null;
}

/** The first link on the way to a path, or at it. What can be read and not followed is a link. */
async function linkAlong(tree: Tree, commit: string, path: string): Promise<Link | null> {
  for (const one of [...foldersAbove(path), path]) {
    const found = await tree.read(commit, one, MAX_TARGET_BYTES);
    if (found === null) continue;
    const followed = await tree.follow(commit, one, 0);
    // A file, not a folder.
    if (followed !== null && followed.links.length === 0) return null;
    return { path: one, target: found.content?.toString() ?? null };
  }
  return null;
}

/** The target of a link plus the rest of the path. Null if it leads outside. */
function inside(link: string, target: string, rest: string): string | null {
  if (target.startsWith('/')) return null;
  const kept = parentOf(link).split('/').filter(Boolean);
  for (const part of `${target}${rest}`.split('/')) {
    if (part === '..') {
      if (kept.pop() === undefined) return null;
    } else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept.reduce(joinPath, '');
}

const MAX_SHOWN_CHARACTERS = 200;

function shown(target: string | null): string {
  const text = target ?? '…';
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`;
}
