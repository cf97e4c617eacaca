import type { FileEntry } from '../model/file-entry.js';

/** The current branches and tags of a repository on the git host. */
export interface RemoteRefs {
  /** Name of the default branch, or null if the host does not say. */
  readonly defaultBranch: string | null;
  /** Branch name → commit. */
  readonly heads: ReadonlyMap<string, string>;
  /** Tag name → commit (annotated tags peeled). */
  readonly tags: ReadonlyMap<string, string>;
  /** Tag name → what the reference itself holds. An annotated tag's push is announced by this id of the tag object. */
  readonly tagIds: ReadonlyMap<string, string>;
}

export interface CommitInfo {
  readonly sha: string;
  /** Seven characters, or more if those are ambiguous (`git rev-parse --short=7`). */
  readonly short: string;
  /** Committer time, seconds since the epoch. */
  readonly time: number;
  /** The first 65,536 bytes of the message. */
  readonly message: string;
}

/** Commits, possibly truncated. */
export interface CommitList extends ReadonlyArray<CommitInfo> {
  /** Older commits were left out: an answer holds at most 100,000, and some megabytes of messages. */
  readonly isCut?: true;
}

/**
 * The git host. Fails with `git-unavailable` (retryable) if it does not answer or sends what is broken, `git-unauthorized` (retryable) if it
 * refuses or does not know the repository, `repository-unsupported` if the repository is shallow there or has SHA-256 ids, and `low-disk`.
 */
export interface GitHost {
  /** The local mirror of `owner/name`. Does no I/O. The same name gives the same object. */
  mirror(repository: string): Mirror;
  /** Removes half-written leftovers that no process can still be writing. Called before the first use, and regularly. */
  prepare(): Promise<void>;
}

/** A bare mirror with every commit and tree, and blobs as needed. All methods may run in parallel. Fetches of one mirror are queued. */
export interface Mirror {
  readonly remote: Remote;
  readonly history: History;
  readonly tree: Tree;
}

export interface Remote {
  /** Asks the host (one `ls-remote`), or reuses an answer younger than `recent` milliseconds, for example from a fetch. */
  refs(recent?: number): Promise<RemoteRefs>;
  /** What the host showed last, of any age, without asking it. Null if it has shown nothing yet. */
  shown(): RemoteRefs | null;
  /**
   * Fetches commits into the mirror. Does not ask the host if all of `wanted` are there. A commit that no ref reaches is requested by id.
   * Also resolves if a commit is not available; ask `history.has`.
   */
  fetch(wanted: readonly string[]): Promise<void>;
}

/**
 * Questions about commits in the mirror. Fails with `commit-not-found` for a commit that is not there, `repository-too-large` for an answer
 * over the limits.
 */
export interface History {
  has(commit: string): Promise<boolean>;
  /** Type of the object with that full id. Null if it is not there. */
  typeOf(id: string): Promise<'commit' | 'tree' | 'blob' | 'tag' | null>;
  /** Full id of an abbreviated or full commit id. Null if there is none or several. */
  resolve(abbreviated: string): Promise<string | null>;
  info(commit: string): Promise<CommitInfo>;
  /** Number of commits that the commit reaches, including itself (`git rev-list --count`). */
  count(commit: string): Promise<number>;
  /** Commits in `from..to`, newest first. `mainline`: only former tips of the branch, without merged commits. */
  between(from: string, to: string, which?: 'all' | 'mainline'): Promise<CommitList>;
  /**
   * Those of `among` (full ids, in lower case; any number, and some may not exist) that are nearest to `head`: `head` itself if it is one of
   * them, else those that it comes from and that no other one of them comes from. More than one only if merged lines of history have each
   * their own; then the newest comes first. Searches 100,000 commits back, and answers with 16 at most.
   */
  nearest(head: string, among: ReadonlySet<string>): Promise<readonly string[]>;
  /** The newest commit that both come from (`git merge-base`). Null: their histories have nothing in common. */
  mergeBase(one: string, other: string): Promise<string | null>;
  /** Paths whose content, mode or existence differs between the two trees. A rename gives its old and its new path. */
  changedPaths(from: string, to: string): Promise<readonly string[]>;
}

/** Files sorted by the bytes of their paths. Large lists create entries on demand. An array is such a list too. */
export interface FileList extends Iterable<FileEntry> {
  readonly length: number;
  at(position: number): FileEntry | undefined;
  /** Paths of submodules, unordered. On a checkout each is an empty folder. */
  readonly submodules?: readonly string[];
}

/** Files at a commit. Fails as `History` does. A list has at most 1,000,000 files. */
export interface Tree {
  /**
   * All files below `folder` ('' is the root), with paths relative to it, sorted by bytes. Empty if the folder does not exist. Submodules
   * are listed separately.
   */
  list(commit: string, folder: string): Promise<FileList>;
  /** One file (for a link: its target), with its content up to `maxBytes` bytes. Null if there is none. */
  read(commit: string, path: string, maxBytes: number): Promise<SizedFile | null>;
  /**
   * The file that a path leads to, as on a checkout: symbolic links are followed, including links to folders above it. Null if there is
   * none, or if a link leaves the repository, forms a circle, or has a target of more than 4096 bytes. Includes the content up to `maxBytes`
   * bytes.
   */
  follow(commit: string, path: string, maxBytes: number): Promise<FollowedFile | null>;
  /**
   * True if both commits have files, links and submodules at the same paths, and equal `.gitattributes`. False also if checking would take
   * long.
   */
  sameNames(one: string, other: string): Promise<boolean>;
  /**
   * Opens contents by blob id, in the given order. Each must be consumed before the next. Missing blobs are fetched first, in one request.
   */
  blobs(ids: readonly string[]): AsyncIterable<BlobContent>;
  /**
   * Sizes of contents in bytes, in the given order. Missing blobs are fetched first, in one request. Iterates over the ids more than once.
   */
  sizes(ids: Iterable<string>): Promise<readonly number[]>;
}

export interface SizedFile {
  /** Identity of the content. */
  readonly blob: string;
  /** In bytes. Known before anything is read. */
  readonly size: number;
  /** Null if it is larger than the limit. */
  readonly content: Buffer | null;
}

export interface FollowedFile extends SizedFile {
  /** Path of the file itself. */
  readonly target: string;
  /** Paths of the links that lead there, first to last. Empty if the path is the file's own. */
  readonly links: readonly string[];
}

export interface BlobContent {
  readonly blob: string;
  readonly size: number;
  readonly chunks: AsyncIterable<Buffer>;
}
