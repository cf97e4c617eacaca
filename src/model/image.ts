export interface Image {
  readonly repository: string;
  readonly digest: string;
  /** Bare tag names, the version tag first. */
  readonly tags: readonly string[];
}
