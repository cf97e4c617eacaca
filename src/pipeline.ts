import { announceEnd } from './queue/announce.js';
import { runPlanner } from './pipeline/look/planner.js';
import { runLookAhead } from './pipeline/build/look-ahead.js';
import { createQuarantine } from './queue/quarantine.js';
import { runWorker, type WorkerDeps } from './pipeline/build/worker.js';
import type { PipelineDeps } from './decide/deps.js';
import type { Look } from './model/look.js';
import { endBuild, putBackBuild } from './queue/end-build.js';
import { fetchAhead } from './pipeline/build/fetch-ahead.js';
import { onLook } from './pipeline/look/on-look.js';
import { runBuild } from './pipeline/build/run-build.js';
import { setAsideFatal } from './pipeline/look/set-aside.js';
import { openSight } from './pipeline/look/shared-view.js';
import { sweepLook } from './pipeline/look/sweep-look.js';
import { runSweep } from './pipeline/accept/sweep.js';

export interface PipelineOptions extends Pick<WorkerDeps, 'worker' | 'concurrency' | 'timeout' | 'hindrance'> {
  /** Milliseconds between sweeps; null: off. */
  readonly sweep: () => number | null;
  readonly random: () => number;
  /** Resolves when nothing is being answered that goes before planning. */
  readonly calm: () => Promise<void>;
}

/**
 * The spine. A trigger becomes a look (accept), a look becomes decisions (changes → decide) and queued builds (enqueue); a queued build
 * becomes an image in the registry (fetch → image → publish → report). Everything between is in the store, so each part may stop anywhere.
 */
export function createPipeline(deps: PipelineDeps, options: PipelineOptions) {
  const { store, clock } = deps;
  const { worker } = options;
  const quarantine = createQuarantine(store);
  let recovered: readonly string[] = [];
  return {
    /** Runs until the signal aborts and what is in hand has ended; running builds get `grace` milliseconds more. */
    async run(stopping: AbortSignal, grace: () => number): Promise<void> {
      const beginLooking = (looks: readonly Look[]) => {
        const sight = openSight(looks, deps);
        return (look: Look) => onLook(look, sight, deps);
      };
      await Promise.all([
        announceAll(recovered, deps),
        runSweep(
          {
            ...deps,
            interval: options.sweep,
            onLook: (look) =>
              sweepLook(look, worker, (stored) => beginLooking([stored])(stored), { ...deps, quarantine }),
            onSwept: (began) => deps.refusals.swept(began),
            random: options.random,
          },
          stopping,
        ),
        runPlanner({ ...deps, beginLooking, calm: options.calm, worker, quarantine }, stopping),
        runLookAhead({ ...deps, ...options, quarantine, prepare: (build) => fetchAhead(build, deps) }, stopping),
        runWorker(
          {
            ...deps,
            ...options,
            quarantine,
            runBuild: (build, signal) => runBuild(build, signal, deps),
            endBuild: (build, end) => endBuild(build, end, deps),
            putBack: (build, notBefore, countsAsAttempt) => putBackBuild(build, notBefore, countsAsAttempt, deps),
            note: (build, line) => store.logs.append(build.id, `${line}\n`),
          },
          stopping,
          grace,
        ),
      ]);
    },
    /** Puts back what a worker that is gone was running, and sets aside what it has died with too often. */
    async recover(): Promise<readonly string[]> {
      recovered = await store.housekeeping.recover(clock.now(), worker);
      await setAsideFatal(deps);
      return recovered;
    },
    /** Called when the process ends in good order: what it gives up in the end has not made it die. */
    leave: () => store.inHand.leave(worker),
  };
}

/** Of builds that were taken off a worker that is gone, those that ended by it. */
async function announceAll(ids: readonly string[], deps: PipelineDeps): Promise<void> {
  for (const id of ids) {
    await announceEnd(id, deps).catch((err: unknown) => deps.log.warn({ err, build: id }, 'an end was not announced'));
  }
}
