import type { LogLine } from '../model/log-line.js';
import type { Secret } from '../secret.js';

/** One entry of a build context, ready to be sent. Sorted by the bytes of the path; folders are implied. */
export interface ContextEntry {
  /** Relative to the context's root, `/`-separated. */
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
  /** Identity of the content: equal ids, equal bytes. */
  readonly id: string;
  /** Bytes; of a link: length of its target. */
  readonly size: number;
}

/** Entries in order. Large contexts create them on demand. An array is such a list too. */
export interface ContextEntries extends Iterable<ContextEntry> {
  readonly length: number;
  at(position: number): ContextEntry | undefined;
}

/** Files with their bytes on demand. */
export interface ContextFiles {
  readonly entries: ContextEntries;
  /** Folders without an entry below them, sorted by bytes. All others are implied. */
  readonly folders?: readonly string[];
  /** Contents of the entries in the given order. Each must be consumed before the next. */
  open(entries: ContextEntries): AsyncIterable<{ entry: ContextEntry; chunks: AsyncIterable<Buffer> }>;
}

/** A build context, including the Dockerfile. */
export interface BuildContext extends ContextFiles {
  /** Stable name of the synced content (repository + context folder + Dockerfile), so that the engine can request only changes. */
  readonly key: string;
  /** For a transport that sends the Dockerfile separately. Absent: the Dockerfile is a file of the context. */
  readonly apart?: ApartContext;
}

/** A whole context, less what `.dockerignore` excludes, of which the engine takes what it needs. */
export interface ApartContext {
  readonly dockerfile: Buffer;
  /** The files that the engine's `followpaths` choose, or more; none given: all. */
  offer(asked: readonly string[]): Promise<ContextFiles>;
  /** The files with exactly these paths, whatever `.dockerignore` says. */
  named(paths: readonly string[]): Promise<ContextFiles>;
}

export interface Credentials {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

export interface BuildRequest {
  readonly buildId: string;
  readonly context: BuildContext;
  /** Path of the Dockerfile inside the context. */
  readonly dockerfile: string;
  readonly target: string | null;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** By id, for steps that mount them. Never part of the image. Events and errors show `***` instead. */
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Name for the finished image on the engine: `host/name:tag`. */
  readonly tag: string;
  readonly noCache: boolean;
  /** `host/name:tag` of an image to use as a cache beside the engine's own, or null. */
  readonly cacheFrom: string | null;
}

export type BuildEvent =
  | { readonly kind: 'step-started'; readonly step: string; readonly at: number }
  | {
      readonly kind: 'step-finished';
      readonly step: string;
      readonly at: number;
      readonly cached: boolean;
      readonly error: string | null;
    }
  | { readonly kind: 'output'; readonly line: LogLine };

/**
 * Builds images with BuildKit. May run in parallel. Aborting the signal stops the engine's work within seconds and rejects with the
 * signal's reason. Fails with `dockerfile-step-failed` (and the step), `dockerfile-invalid`, `base-image-not-found`,
 * `registry-unauthorized` or `registry-unavailable` (of a base image), `engine-unavailable`, `engine-error`.
 */
export interface Builder {
  build(request: BuildRequest, onEvent: (event: BuildEvent) => void, signal: AbortSignal): Promise<{ imageId: string }>;
}

/** A base image as a build would take it. */
export interface BaseImage {
  /** Id on the engine, or the registry's digest. Differs if the image differs. */
  readonly digest: string;
  /** True if it has ONBUILD triggers, which may read any part of the context. Null if only its digest is known. */
  readonly onbuild: boolean | null;
  /** Its environment. Null if only its digest is known. */
  readonly env: Readonly<Record<string, string>> | null;
}

/**
 * The engine's images. Names are `host/name:tag`. An invalid reference (src/image-reference.ts) is never sent to the engine: such an image
 * does not exist, and tagging or pushing it is `internal`. Fails with `engine-unavailable` or `engine-error`.
 */
export interface EngineImages {
  /** Id of an image on the engine, or null. */
  find(nameOrId: string): Promise<string | null>;
  /** The current base image: the engine's own, else the registry's. Null if it cannot be known. */
  resolveBase(reference: string): Promise<BaseImage | null>;
  /** Pulls a newer image of that name. Fails with `base-image-not-found` or `registry-unauthorized`. */
  pull(reference: string, signal: AbortSignal): Promise<void>;
  tag(imageId: string, name: string): Promise<void>;
  /** Pushes `host/name:tag`; lines are its progress. `registry-unauthorized`, `registry-refused`, `registry-unavailable`, `registry-error`. */
  push(name: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
  /** Removes a name (or an image by id), if it exists. */
  remove(nameOrId: string): Promise<void>;
}

/** The engine as a whole. `ping` checks that it answers. `prune` removes dangling images and build leftovers older than `maxAgeMs`. */
export interface Engine {
  readonly builder: Builder;
  readonly images: EngineImages;
  /** Fails with `engine-unavailable`. */
  ping(): Promise<void>;
  prune(maxAgeMs: number): Promise<void>;
  /** Its default platform, as `os/arch`. `engine-unavailable`, `engine-error`. */
  platform(): Promise<string>;
  /** Such as `28.5.2`. `engine-unavailable`, `engine-error`. */
  version(): Promise<string>;
}
