import { endBuild, putBackBuild } from '../../queue/end-build.js';
import type { BuildDeps } from './deps.js';
import { fetchAhead } from './fetch-ahead.js';
import { runLookAhead } from './look-ahead.js';
import { runBuild } from './run-build.js';
import { runWorker, type WorkerDeps } from './worker.js';

export type BuildingOptions = Pick<WorkerDeps, 'worker' | 'quarantine' | 'concurrency' | 'timeout' | 'blockedBy'>;

/** Turns queued builds into images until the signal aborts. Then running builds have `grace` milliseconds to end. */
export async function runBuilding(
  deps: BuildDeps,
  options: BuildingOptions,
  stopping: AbortSignal,
  grace: () => number,
): Promise<void> {
  const work = {
    ...deps,
    ...options,
    runBuild: (build, signal) => runBuild(build, signal, deps),
    endBuild: (build, end) => endBuild(build, end, deps),
    putBack: (build, notBefore, countsAsAttempt) => putBackBuild(build, notBefore, countsAsAttempt, deps),
    waits: (build, waitedOut) => deps.store.queue.progress(build.id, { waitedOut }),
    note: (build, line) => deps.store.logs.append(build.id, `${line}\n`),
  } satisfies WorkerDeps;
  await Promise.all([
    runLookAhead({ ...deps, ...options, prepare: (build) => fetchAhead(build, deps) }, stopping),
    runWorker(work, stopping, grace),
  ]);
}
