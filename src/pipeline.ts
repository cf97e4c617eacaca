import { runSweep } from './pipeline/accept/sweep.js';
import { runBuilding, type BuildingOptions } from './pipeline/build/building.js';
import type { BuildDeps } from './pipeline/build/deps.js';
import type { LookDeps } from './pipeline/look/deps.js';
import { answersAt } from './pipeline/deploy/answers-at.js';
import { askHttp } from './pipeline/deploy/ask-http.js';
import { runDeploying, type DeployingDeps } from './pipeline/deploy/deploying.js';
import { adoptBaselines } from './pipeline/look/adopt-baselines.js';
import { createLooking, type LookingOptions } from './pipeline/look/looking.js';
import { setAsideFatal } from './pipeline/look/set-aside.js';
import { watchBalancers, type WatchBalancersDeps } from './pipeline/observe/watch-balancers.js';
import { runObserving, type ObservingDeps } from './pipeline/observe/observing.js';
import { announceEnds } from './queue/announce.js';
import { createMembership } from './queue/membership.js';
import { createQuarantine } from './queue/quarantine.js';

/** Functions return what a configuration reload may change. */
export interface PipelineDeps extends LookDeps, BuildDeps, Omit<ObservingDeps, 'labels' | 'events' | 'store'> {
  readonly refusals: LookDeps['refusals'] & {
    /** Called after a sweep that began at `began`. */
    swept(began: number): Promise<void>;
  };
  readonly metrics: LookDeps['metrics'] & DeployingDeps['metrics'];
  readonly report: LookDeps['report'] & DeployingDeps['report'];
  readonly pullCredentials: DeployingDeps['pullCredentials'];
  readonly balancers: DeployingDeps['balancers'] & WatchBalancersDeps['balancers'];
  readonly balanced: WatchBalancersDeps['balanced'];
  readonly restless: DeployingDeps['restless'];
}

type OwnOptions = 'quarantine' | 'membership' | 'recover' | 'worker';

export interface PipelineOptions extends Omit<BuildingOptions & LookingOptions, OwnOptions> {
  /** A new id for this process as a worker of the store. */
  readonly newWorker: () => string;
  /** Milliseconds between sweeps. Null: no sweeps. */
  readonly sweep: () => number | null;
  readonly random: () => number;
  /** By which our containers are known. */
  readonly labels: DeployingDeps['labels'];
  /** See `DeployDeps.names`. */
  readonly names: DeployingDeps['names'];
}

const uptime = (): number => performance.now();

/**
 * The spine: accept → look → build → publish → report. A trigger is stored as a look. A look becomes decisions and queued builds. A queued
 * build becomes an image in the registry. A ticket becomes containers on hosts. The acts meet only in the store, so each of them may stop at any
 * point. Observing stands beside them: it sees what the hosts run.
 */
export function createPipeline(deps: PipelineDeps, options: PipelineOptions) {
  const { store, refusals, log } = deps;
  const { newWorker, sweep: interval, random, labels, names } = options;
  const membership = createMembership({ store, log, newId: newWorker });
  const quarantine = createQuarantine(store);
  const looking = createLooking(deps, { ...options, quarantine, worker: membership.id });
  const sweeping = {
    ...deps,
    interval,
    random,
    onLook: looking.now,
    onSwept: (began: number) => refusals.swept(began),
  };
  const recover = async (): Promise<readonly string[]> => {
    const ids = await store.housekeeping.recover(membership.id());
    await setAsideFatal(membership.id(), deps);
    return ids;
  };
  const building = {
    ...options,
    quarantine,
    membership,
    recover: async () => announceEnds(await recover(), deps),
  };
  let recovered: readonly string[] = [];
  return {
    /** Runs until the signal aborts and work in progress has ended. Running builds then have `grace` milliseconds. */
    async run(stopping: AbortSignal, grace: () => number): Promise<void> {
      await Promise.all([
        announceEnds(recovered, deps),
        adoptBaselines(deps, stopping),
        runSweep(sweeping, stopping),
        looking.run(stopping),
        runBuilding(deps, building, stopping, grace),
        runObserving({ ...deps, labels }, stopping),
        watchBalancers(deps, stopping),
        runDeploying({ ...deps, labels, names, uptime, membership, random, askHttp, answersAt }, stopping),
      ]);
    },
    /** Joins the workers of the store, puts back the builds of those that are gone, and sets aside what processes died with too often. */
    async recover(): Promise<readonly string[]> {
      await membership.join();
      recovered = await recover();
      return recovered;
    },
    /** Call this when the process ends normally: its work in progress did not kill it. */
    leave: () => membership.leave(),
  };
}
