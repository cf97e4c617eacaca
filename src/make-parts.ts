import { join } from 'node:path';
import { createBalancers } from './balancer/open/open-balancers.js';
import type { Clock } from './clock.js';
import type { Config } from './config/config.js';
import { pushCredentialsOf } from './config/registry-credentials.js';
import { createEngine } from './engine/docker/engine.js';
import { createHostPauses } from './host-pauses.js';
import { createHosts } from './hosts/open/open-hosts.js';
import type { Environment } from './model/environment.js';
import type { PendingChanges } from './operations/contract.js';
import { drifted, type DriftedDeps } from './operations/drifted.js';
import type { Parts } from './parts.js';
import type { PipelineDeps } from './pipeline.js';
import type { Restless } from './pipeline/deploy/restless.js';
import { createAppTokens } from './pipeline/notify/github/app.js';
import { createMetrics } from './pipeline/report/metrics.js';
import { environmentsMask } from './specification/environments-mask.js';

/** What a deployment changes: the engines of hosts, and balancers. */
export function targetsOf(environments: () => ReadonlyMap<string, Environment>, { server }: Config, parts: Parts) {
  const { clock, log, tunnels = join(server.dataDir, 'tunnels') } = parts;
  const shared = { environments, tunnels, clock, log };
  const balancers = createBalancers({ ...shared, mask: environmentsMask(environments) });
  return { hosts: parts.hosts ?? createHosts(shared), balancers };
}

/** Metrics that ask these parts at each scrape. */
export const metricsOf = ({ pending, ...deps }: MetricsDeps) =>
  createMetrics(deps.store, {
    observations: deps.observations.all,
    pending: pending.counts,
    drifted: () => drifted(deps),
    restless: deps.restless.all,
  });

interface MetricsDeps extends Pick<DriftedDeps, 'observations'> {
  readonly store: PipelineDeps['store'];
  readonly restless: Restless;
  readonly pending: PendingChanges;
}

/** What clones private repositories if only a GitHub App is configured. */
export function tokensOf({ github: { app, apiUrl } }: Config, clock: Clock) {
  return app === null
    ? undefined
    : createAppTokens({ ...app, apiUrl, fetch, clock, hosts: createHostPauses(clock) }).tokenFor;
}

/** The engine that builds. */
export const engineOf = (config: Config, { clock, log }: Parts) =>
  createEngine({
    ...config.engine,
    credentials: pushCredentialsOf(config),
    registries: [config.registry.host],
    clock,
    log,
  });
