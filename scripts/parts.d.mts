/** Types of parts.mjs for the benchmarks and tests. */
export type { Cleanup } from './parts/cleanup.mjs';
export { createCleanup } from './parts/cleanup.mjs';

export interface RunningEngine {
  readonly dockerHost: string;
  readonly private: boolean;
  stop(): Promise<void>;
}

export function ensureEngine(options: { dir: string; say: (line: string) => void }): Promise<RunningEngine>;

/** Starts an engine of our own below `dir`, as root on Linux. Resolves with its DOCKER_HOST. `more` are further arguments of dockerd. */
export function startPrivateEngine(options: {
  dir: string;
  detached: boolean;
  more?: readonly string[];
}): Promise<string>;

/** Ends it with all that runs on it, as a power cut does; its data stay. */
export function stopPrivateEngine(dir: string): Promise<void>;

/** Starts it again with what it had. */
export function restartPrivateEngine(dir: string): Promise<void>;

/** Ends it and removes all that it made. */
export function removePrivateEngine(dir: string): Promise<void>;

/** True if the image was made just now. */
export function ensureBaseImage(dockerHost: string, name: string): Promise<boolean>;

/** Finds programs, and installs those that are missing where that is possible; throws with what to install. */
export function ensurePrograms(names: readonly string[], say: (line: string) => void): void;

export function freePort(): Promise<number>;

/** The API of an engine. A call fails with `status` if the engine refuses it. */
export function engineClient(dockerHost: string): {
  json<Answer>(method: string, path: string): Promise<Answer>;
  send(method: string, path: string): Promise<Buffer>;
};

export const registryUser: { readonly username: string; readonly password: string };

export interface RunningRegistry {
  readonly host: string;
  stop(): Promise<void>;
}

export function startRegistry(options: { dir: string; dockerHost: string }): Promise<RunningRegistry>;

export const root: string;
export function ensureBuilt(say: (line: string) => void): void;
