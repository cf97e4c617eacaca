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
  /** Milliseconds. */
  readonly retention: () => { readonly [what in 'logs' | 'deliveries' | 'decisions' | 'artifacts']: number };
  readonly clock: Clock;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Where uploads are kept, below the data directory. */
const uploadsFolder = 'artifacts';

/** How long remains of broken work are kept. */
const LEFTOVERS_MS = DAY_MS;

/** Cleans up at start and every hour, until the signal aborts. A failed rule is logged and tried again in the next round. */
export async function runRetention(deps: RetentionDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await cleanOnce(deps);
    await deps.clock.sleep(HOUR_MS, signal);
  }
}

/** One round; see `runRetention`. */
export async function cleanOnce({ store, engine, git, dataDir, retention, clock, log }: RetentionDeps): Promise<void> {
  const [now, kept] = [clock.now(), retention()];
  const rules: Record<string, () => Promise<unknown>> = {
    logs: () => store.housekeeping.clean(now - kept.logs),
    deliveries: () => store.housekeeping.forgetDeliveries(now - kept.deliveries),
    decisions: () => store.housekeeping.forgetDecisions(now - kept.decisions),
    artifacts: async () => {
      const expired = await store.artifacts.expire(now - kept.artifacts);
      await Promise.all(expired.map(({ file }) => rm(join(dataDir, file), { force: true })));
    },
    uploads: () => removeUnknownUploads({ store, dataDir, before: now - LEFTOVERS_MS }),
    engine: () => engine.prune(LEFTOVERS_MS),
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
