import { renderBuild } from './api/render.js';
import { renderDeployment } from './api/render-deployment.js';
import type { Clock } from './clock.js';
import type { Config } from './config/config.js';
import type { Events } from './events.js';
import type { Log } from './log.js';
import type { Build } from './model/build.js';
import { drifted, type DriftedDeps } from './operations/drifted.js';
import { chainOf } from './operations/why/chain.js';
import { createOutbox, type OutboxDeps } from './pipeline/notify/outbox/outbox.js';
import { createReceivers } from './pipeline/notify/receivers.js';
import { createReporter, type Reporter } from './pipeline/notify/reporter.js';
import { watchDrift } from './pipeline/notify/watch-drift.js';
import type { Store } from './store/contract.js';

export interface NotifyingDeps extends Omit<DriftedDeps, 'store'>, Pick<OutboxDeps, 'ended'> {
  /** The configuration in force. */
  readonly config: () => Config;
  readonly store: Store;
  readonly events: Events;
  readonly metrics: OutboxDeps['metrics'];
  readonly clock: Clock;
  readonly log: Log;
}

export interface Notifying {
  readonly report: Reporter;
  /** Delivers notices and looks for drift to notify of, until the signal aborts. */
  run(stopping: AbortSignal): Promise<void>;
  /** Stores the notices of what ended last. Never fails. */
  finish(): Promise<void>;
}

/** Joins what notifies GitHub, callers and people. */
export function createNotifying(deps: NotifyingDeps): Notifying {
  const { config, store } = deps;
  const findRoot = async ({ id: buildId, service, branch, reason, queuedAt: at }: Build) =>
    (await chainOf({ service, branch, reason, buildId, at }, store))[0] ?? null;
  const receivers = createReceivers({
    ...deps,
    services: () => config().services,
    render: renderBuild,
    renderDeployment: (deployment) => renderDeployment(deployment),
    findRoot,
    fetch,
  });
  const outbox = createOutbox({ ...deps, receivers });
  const isAway = (environment: string, host: string) =>
    deps.observations
      .all()
      .some((one) => one.environment === environment && one.host === host && one.reachable !== true);
  const isWanted = () => config().notices.some(({ on }) => on.has('drift'));
  return {
    report: createReporter({ outbox, log: deps.log }),
    finish: outbox.finish,
    async run(stopping) {
      await Promise.all([
        outbox.run(stopping),
        watchDrift({ ...deps, outbox, isWanted, isAway, drifted: () => drifted(deps) }, stopping),
      ]);
    },
  };
}
