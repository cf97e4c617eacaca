/** One image that is in the registry, for reuse by fingerprint. */
export interface KnownImage {
  readonly service: string;
  readonly repository: string;
  readonly digest: string;
  readonly fingerprint: string;
  readonly buildId: string;
  readonly builtAt: number;
}

/** What `Queue.finish` made known. */
export interface Images {
  /** Newest first. */
  withFingerprint(service: string, fingerprint: string): Promise<readonly KnownImage[]>;
}

/** `extra`: a further tag that a branch moves. */
export type TagKind = 'version' | 'git-tag' | 'branch' | 'extra';

export interface TagRow {
  readonly repository: string;
  readonly tag: string;
  readonly kind: TagKind;
  /** The owner: the commit of a version tag, the git tag's name, or the branch (also of an extra tag). */
  readonly owner: string;
  readonly digest: string | null;
  /** For git tags: the commit that the image was made from. */
  readonly commit: string | null;
}

/** Owners of the tag names of an image repository. */
export interface Tags {
  get(repository: string, tag: string): Promise<TagRow | null>;
  /** The tag row that belongs to a branch or git tag. */
  ownedBy(repository: string, kind: TagKind, owner: string): Promise<TagRow | null>;
  /** Inserts or replaces the row of `repository` + `tag`. */
  put(row: TagRow): Promise<void>;
  /** Gives a name up. */
  release(repository: string, tag: string): Promise<void>;
  /** All tags that point at a digest. */
  pointingAt(repository: string, digest: string): Promise<readonly TagRow[]>;
}
