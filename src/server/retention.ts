import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import type { Engine } from '../engine/contract.js';
import type { GitHost } from '../git/contract.js';
import type { Log } from '../log.js';
import type { Store } from '../store/contract.js';

type Kept = 'logs' | 'deliveries' | 'decisions' | 'artifacts' | 'deployments' | 'audit';

export interface RetentionDeps {
  readonly store: Store;
  readonly engine: Engine;
  readonly git: Pick<GitHost, 'prepare'>;
  readonly dataDir: string;
  /** The artifacts that count for a branch of the service, by id. Null: not known, so that all are kept. */
  readonly countingArtifacts: (service: string) => Promise<ReadonlySet<string> | null>;
  /** Milliseconds. */
  readonly retention: () => { readonly [what in Kept]: number };
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
export async function cleanOnce(deps: RetentionDeps): Promise<void> {
  const { store, engine, git, dataDir, retention, clock, log } = deps;
  const [now, kept] = [clock.now(), retention()];
  const rules: Record<string, () => Promise<unknown>> = {
    logs: () => store.housekeeping.clean(now - kept.logs),
    deliveries: () => store.housekeeping.forgetDeliveries(now - kept.deliveries),
    decisions: () => store.housekeeping.forgetDecisions(now - kept.decisions),
    deployments: () => store.housekeeping.forgetDeployments(now - kept.deployments),
    audit: () => store.housekeeping.forgetAudit(now - kept.audit),
    // A drift stays remarked until it ends.
    remarks: () => store.notices.forgetRemarks(now - kept.deliveries, 'drift '),
    artifacts: () => removeArtifacts(now - kept.artifacts, deps),
    uploads: () => removeUnknownUploads({ store, dataDir, before: now - LEFTOVERS_MS }),
    engine: () => engine.prune(LEFTOVERS_MS),
    // A stopped git may leave half a pack of gigabytes.
    mirrors: () => git.prepare(),
  };
  for (const [rule, clean] of Object.entries(rules)) {
    await clean().catch((error: unknown) => log.warn({ err: error, rule }, 'could not clean up'));
  }
}

/** Removes artifacts received before the time that count for no branch. If that cannot be found out, the service keeps all of its own. */
async function removeArtifacts(
  before: number,
  { store, countingArtifacts, dataDir, log }: Pick<RetentionDeps, 'store' | 'countingArtifacts' | 'dataDir' | 'log'>,
): Promise<void> {
  const old = await store.artifacts.olderThan(before);
  for (const service of new Set(old.map((artifact) => artifact.service))) {
    const counting = await countingArtifacts(service).catch((error: unknown) => {
      log.warn({ err: error, service }, 'could not find out which artifacts count');
      return null;
    });
    if (counting === null) continue;
    const spare = old.filter((artifact) => artifact.service === service && !counting.has(artifact.id));
    const removed = await store.artifacts.remove(spare.map(({ id }) => id));
    for (const { file } of removed) await rm(join(dataDir, file), { force: true });
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
