import { runSweep } from './pipeline/accept/sweep.js';
import { runBuilding, type BuildingOptions } from './pipeline/build/building.js';
import type { BuildDeps } from './pipeline/build/deps.js';
import type { LookDeps } from './pipeline/look/deps.js';
import { createLooking, type LookingOptions } from './pipeline/look/looking.js';
import { setAsideFatal } from './pipeline/look/set-aside.js';
import { announceEnds } from './queue/announce.js';
import { createQuarantine } from './queue/quarantine.js';

/** Functions return what a configuration reload may change. */
export interface PipelineDeps extends LookDeps, BuildDeps {
  readonly refusals: LookDeps['refusals'] & {
    /** Called after a sweep that began at `began`. */
    swept(began: number): Promise<void>;
  };
  readonly metrics: LookDeps['metrics'];
}

export interface PipelineOptions extends Omit<BuildingOptions & LookingOptions, 'quarantine'> {
  /** Milliseconds between sweeps. Null: no sweeps. */
  readonly sweep: () => number | null;
  readonly random: () => number;
}

/**
 * The spine: accept → look → build → publish → report. A trigger is stored as a look. A look becomes decisions and queued builds. A queued
 * build becomes an image in the registry. The acts meet only in the store, so each of them may stop at any point.
 */
export function createPipeline(deps: PipelineDeps, options: PipelineOptions) {
  const { store, clock, refusals } = deps;
  const { worker, sweep: interval, random } = options;
  const quarantine = createQuarantine(store);
  const looking = createLooking(deps, { ...options, quarantine });
  const sweeping = {
    ...deps,
    interval,
    random,
    onLook: looking.now,
    onSwept: (began: number) => refusals.swept(began),
  };
  let recovered: readonly string[] = [];
  return {
    /** Runs until the signal aborts and work in progress has ended. Running builds then have `grace` milliseconds. */
    async run(stopping: AbortSignal, grace: () => number): Promise<void> {
      await Promise.all([
        announceEnds(recovered, deps),
        runSweep(sweeping, stopping),
        looking.run(stopping),
        runBuilding(deps, { ...options, quarantine }, stopping, grace),
      ]);
    },
    /** Puts back the builds of a dead worker, and sets aside what processes died with too often. */
    async recover(): Promise<readonly string[]> {
      recovered = await store.housekeeping.recover(clock.now(), worker);
      await setAsideFatal(deps);
      return recovered;
    },
    /** Call this when the process ends normally: its work in progress did not kill it. */
    leave: () => store.inHand.leave(worker),
  };
}
