import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import type { Engine } from '../engine/contract.js';
import type { GitHost } from '../git/contract.js';
import type { Log } from '../log.js';
import type { Store } from '../store/contract.js';

export interface RetentionDeps {
  readonly store: Store;
  readonly engine: Engine;
  readonly git: Pick<GitHost, 'prepare'>;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Where uploads are kept, below the data directory. */
const uploadsFolder = 'artifacts';

/** How long logs and idempotency keys, unneeded artifacts, and the engine's leftovers are kept. */
export const keptFor = { logs: 30 * DAY_MS, artifacts: 7 * DAY_MS, leftovers: DAY_MS } as const;

/** Cleans up at start and every hour, until the signal aborts. A failed rule is logged and tried again in the next round. */
export async function runRetention(deps: RetentionDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await cleanOnce(deps);
    await deps.clock.sleep(HOUR_MS, signal);
  }
}

export async function cleanOnce({ store, engine, git, dataDir, clock, log }: RetentionDeps): Promise<void> {
  const now = clock.now();
  const rules: Record<string, () => Promise<unknown>> = {
    logs: () => store.housekeeping.clean(now - keptFor.logs),
    artifacts: async () => {
      const expired = await store.artifacts.expire(now - keptFor.artifacts);
      await Promise.all(expired.map(({ file }) => rm(join(dataDir, file), { force: true })));
    },
    uploads: () => removeUnknownUploads({ store, dataDir, before: now - keptFor.leftovers }),
    engine: () => engine.prune(keptFor.leftovers),
    // A stopped git may leave half a pack of gigabytes.
    mirrors: () => git.prepare(),
  };
  for (const [rule, clean] of Object.entries(rules)) {
    await clean().catch((error: unknown) => log.warn({ err: error, rule }, 'could not clean up'));
  }
}

/** Removes files without a row: uploads that a crash interrupted, or that could not be removed with their rows. */
async function removeUnknownUploads({
  store,
  dataDir,
  before,
}: Pick<RetentionDeps, 'store' | 'dataDir'> & { readonly before: number }): Promise<void> {
  const known = await store.artifacts.files();
  const folder = join(dataDir, uploadsFolder);
  for (const name of await readdir(folder).catch(() => [])) {
    if (known.has(join(uploadsFolder, name))) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (mtimeMs < before) await rm(join(folder, name), { force: true });
  }
}
