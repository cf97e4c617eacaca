import type { FileEntry } from '../model/file-entry.js';

/** Heads and tags of a repository as the git host has them now. */
export interface RemoteRefs {
  /** Name of the default branch; null where the host does not say. */
  readonly defaultBranch: string | null;
  /** Branch name → commit. */
  readonly heads: ReadonlyMap<string, string>;
  /** Tag name → commit (annotated tags peeled). */
  readonly tags: ReadonlyMap<string, string>;
  /** Tag name → what the reference itself holds: of an annotated tag the tag object's id, as a push of it is announced. */
  readonly tagIds: ReadonlyMap<string, string>;
}

export interface CommitInfo {
  readonly sha: string;
  /** Its first seven characters, more where those are not unique (`git rev-parse --short=7`). */
  readonly short: string;
  /** Committer time, seconds since the epoch. */
  readonly time: number;
  /** The whole message, up to 65,536 bytes of it. */
  readonly message: string;
}

/** Commits, of which there may be more than one answer holds. */
export interface CommitList extends ReadonlyArray<CommitInfo> {
  /** There are older ones that are left out: at most 100,000 come, with some megabytes of messages. Absent: there are none. */
  readonly isCut?: true;
}

/**
 * The git host. Fails with `git-unavailable` (retryable) where it does not answer and `git-unauthorized` where it refuses or
 * does not know the repository.
 */
export interface GitHost {
  /** The local mirror of `owner/name`; does no I/O. The same object for the same name. */
  mirror(repository: string): Mirror;
  /** Removes half-written leftovers that nobody can be writing any more. Called before the first mirror is used, and now and then. */
  prepare(): Promise<void>;
}

/** A bare mirror: every commit and tree, blobs as needed. All methods may run side by side; fetches of one mirror queue up. */
export interface Mirror {
  readonly remote: Remote;
  readonly history: History;
  readonly tree: Tree;
}

export interface Remote {
  /** Asks the host (one `ls-remote`), unless what it said less than `recent` milliseconds ago, to a fetch perhaps, will do. */
  refs(recent?: number): Promise<RemoteRefs>;
  /**
   * Brings commits into the mirror: nothing is asked of the host where all of `wanted` are there already. A commit that no ref
   * reaches is asked for by its id. Resolves also when a wanted commit cannot be had; ask `history.has`.
   */
  fetch(wanted: readonly string[]): Promise<void>;
}

/**
 * Questions about commits that are in the mirror; a commit that is not there fails with `commit-not-found`, an answer that is too large with
 * `repository-too-large`.
 */
export interface History {
  has(commit: string): Promise<boolean>;
  /** Full commit id of an abbreviated or full hexadecimal id; null where there is none or several. */
  resolve(abbreviated: string): Promise<string | null>;
  info(commit: string): Promise<CommitInfo>;
  /** Number of commits that the commit reaches, itself included (`git rev-list --count`). */
  count(commit: string): Promise<number>;
  /** Commits in `from..to`, newest first; with `mainline` those alone that were the tip of the branch: no merged-in ones. */
  between(from: string, to: string, which?: 'all' | 'mainline'): Promise<CommitList>;
  /** Paths whose content, mode or existence differs between the two trees; a rename gives its old and its new path. */
  changedPaths(from: string, to: string): Promise<readonly string[]>;
}

/** Files in the order of their paths' bytes. Large ones make each entry when it is asked for; an array is such a list too. */
export interface FileList extends Iterable<FileEntry> {
  readonly length: number;
  at(position: number): FileEntry | undefined;
  /** Paths of submodules, in no certain order: on a checkout each is an empty folder. Absent: there are none. */
  readonly submodules?: readonly string[];
}

/** Files at a commit. Fails as `History` does: a list has at most 1,000,000 files. */
export interface Tree {
  /** Every file below `folder` ('' is the root), paths relative to it, sorted by bytes; empty where the folder does not exist. Submodules are told apart. */
  list(commit: string, folder: string): Promise<FileList>;
  /** One file (of a link: its target), with its content where that has at most so many bytes; null where there is none. */
  read(commit: string, path: string, most: number): Promise<SizedFile | null>;
  /**
   * The file that a path leads to, as on a checkout: symbolic links are followed, also those to folders above it. Null where there is none,
   * or where a link leads out of the repository, round in a circle, or has a target of more than 4096 bytes. Its content comes with it where
   * that has at most so many bytes.
   */
  follow(commit: string, path: string, most: number): Promise<FollowedFile | null>;
  /** Whether both commits have files and links at the same paths, whatever is in them. False also where that would take long to tell. */
  sameNames(one: string, other: string): Promise<boolean>;
  /** Opens contents by blob id, in the order given: each must be consumed before the next is taken. Missing blobs are fetched first, all at once. */
  blobs(ids: readonly string[]): AsyncIterable<BlobContent>;
  /** Sizes of contents in bytes, in the order given. Missing blobs are fetched first, all at once. The ids are gone through more than once. */
  sizes(ids: Iterable<string>): Promise<readonly number[]>;
}

export interface SizedFile {
  /** Identity of the content. */
  readonly blob: string;
  /** In bytes: known before anything is read. */
  readonly size: number;
  /** Null where it is larger than was asked for. */
  readonly content: Buffer | null;
}

export interface FollowedFile extends SizedFile {
  /** Path of the file itself. */
  readonly target: string;
  /** Paths of the links that lead there, first to last; empty where the path is the file's own. */
  readonly links: readonly string[];
}

export interface BlobContent {
  readonly blob: string;
  readonly size: number;
  readonly chunks: AsyncIterable<Buffer>;
}
