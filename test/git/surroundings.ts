import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';
import type { GitHost } from '../../src/git/contract.js';
import { createGitHost, type GitHostOptions } from '../../src/git/host/host.js';
import type { Log } from '../../src/log.js';
import { startTestGitHost, type TestGitHost, type TestRepo } from '../support/git.js';

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
};

/** A log that keeps its lines; `quietLog` hides them. */
export function keptLog(lines: string[]): Log {
  const write = (bindings: object, message: string) => void lines.push(`${JSON.stringify(bindings)} ${message}`);
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return log;
}

export const quietLog: Log = keptLog([]);

export interface OnGitHost {
  host: TestGitHost;
  /** Folder of the mirrors. */
  dir: string;
  /** `abc/app`. */
  repo: TestRepo;
  /** What was logged. */
  lines: string[];
  /** A GitHost as a new process would make it. */
  create(options?: Partial<GitHostOptions>): GitHost;
}

/** A test host with the repository `abc/app` and an empty folder for mirrors, new for each test of the file. */
export function useGitHost(): OnGitHost {
  const on = {
    create: (options = {}) =>
      createGitHost({
        cloneUrl: on.host.cloneUrl,
        token: null,
        dir: on.dir,
        env: process.env,
        clock: realClock,
        log: keptLog(on.lines),
        ...options,
      }),
  } as OnGitHost;
  beforeEach(async () => {
    on.host = await startTestGitHost();
    on.dir = await mkdtemp(join(tmpdir(), 'slipway-mirrors-'));
    on.repo = await on.host.repo('abc/app');
    on.lines = [];
  });
  afterEach(async () => {
    await on.host.close();
    // Packs are put together in the background, and nobody waits for that: it may add a file to a folder that is being removed.
    await rm(on.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  return on;
}
