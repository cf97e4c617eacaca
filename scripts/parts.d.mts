/** Types of parts.mjs for the benchmarks and tests. */
export type { Cleanup } from './parts/cleanup.mjs';
export { createCleanup } from './parts/cleanup.mjs';

export interface RunningEngine {
  readonly dockerHost: string;
  readonly private: boolean;
  stop(): Promise<void>;
}

export function ensureEngine(options: { dir: string; say: (line: string) => void }): Promise<RunningEngine>;

/** True if the image was made just now. */
export function ensureBaseImage(dockerHost: string, name: string): Promise<boolean>;

/** Finds programs, and installs those that are missing where that is possible; throws with what to install. */
export function ensurePrograms(names: readonly string[], say: (line: string) => void): void;

export function freePort(): Promise<number>;

export const registryUser: { readonly username: string; readonly password: string };

export interface RunningRegistry {
  readonly host: string;
  stop(): Promise<void>;
}

export function startRegistry(options: { dir: string; dockerHost: string }): Promise<RunningRegistry>;

export const root: string;
