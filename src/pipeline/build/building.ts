import { endBuild, putBackBuild } from '../../queue/end-build.js';
import type { BuildDeps } from './deps.js';
import { fetchAhead } from './fetch-ahead.js';
import { runLookAhead } from './look-ahead.js';
import { runBuild } from './run-build.js';
import { runWorker, type WorkerDeps } from './worker.js';

export type BuildingOptions = Pick<
  WorkerDeps,
  'membership' | 'recover' | 'quarantine' | 'concurrency' | 'timeout' | 'blockedBy'
>;

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
    endBuild: async (build, end) => void (await endBuild(build, end, deps)),
    putBack: (build, notBefore, countsAsAttempt) => putBackBuild(build, notBefore, countsAsAttempt, deps),
    waits: async (build, waitedOut) => void (await deps.store.queue.progress(build, { waitedOut })),
    note: async (build, line) => {
      await deps.store.logs.append(build, `${line}\n`, { at: deps.clock.now(), step: null });
    },
  } satisfies WorkerDeps;
  await Promise.all([
    runLookAhead(
      { ...deps, ...options, worker: options.membership.id, prepare: (build) => fetchAhead(build, deps) },
      stopping,
    ),
    runWorker(work, stopping, grace),
  ]);
}
