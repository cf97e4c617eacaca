/** A service's Dockerfile, by the digest of its bytes. */
export interface DockerfileOf {
  readonly service: string;
  readonly dockerfile: string;
}

/** Dockerfiles that are known to be read wrongly here: the engine asked for a path that their reading lacks. */
export interface Misreads {
  /** Such a path, relative to the context. Null if none is known. */
  of(which: DockerfileOf): Promise<string | null>;
  /** Stores the first path only. Resolves when that survives a restart. */
  note(which: DockerfileOf, path: string, at: number): Promise<void>;
}
