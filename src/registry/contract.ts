/** A manifest as the registry holds it. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: Buffer;
  /** Digest of the image's configuration; null for an index. */
  readonly configDigest: string | null;
}

/** What an image's configuration says of its containers. */
export interface ImageConfig {
  /** Null: it has none. */
  readonly entrypoint: readonly string[] | null;
}

/**
 * The private registry, API v2 (https://distribution.github.io/distribution/spec/api/). All methods may run in parallel. Fails with
 * `registry-unauthorized`, `registry-refused`, `registry-unavailable` (retryable, with the time that the registry names as `retryAt`),
 * `registry-error` (retryable).
 */
export interface Registry {
  /** `host[:port]`, the prefix of image names. */
  readonly host: string;
  /** The manifest of a tag or digest, or null. */
  manifest(repository: string, reference: string): Promise<Manifest | null>;
  /** The configuration of that digest; see `Manifest.configDigest`. Null: the registry does not have it. At most 1 MiB is read. */
  config(repository: string, digest: string): Promise<ImageConfig | null>;
  /** Points a tag at a manifest in the repository. Returns the digest that the registry read back. */
  putTag(repository: string, tag: string, manifest: Manifest): Promise<string>;
  /** All tags of the repository, over all pages. Empty if the repository does not exist. */
  tags(repository: string): Promise<readonly string[]>;
  /** Resolves if an image may be pushed to the repository. Starts an upload for that and cancels it. */
  mayPush(repository: string): Promise<void>;
  /** Milliseconds since the epoch by the registry's clock, to the second. Null: it does not say. */
  time(): Promise<number | null>;
  ping(): Promise<void>;
}
