import type { Deployment, Desired } from '../model/deployment.js';
import type { Environment } from '../model/environment.js';
import type { Hold } from '../model/hold.js';
import type { Release } from '../model/release.js';
import type { ApiDeps } from './deps.js';
import type { EnvironmentJson } from './environment-schema.js';
import { renderEnvironment } from './render-environment.js';

/** What answers about environments are read from. */
export interface Stored {
  /** What is desired, at least there. */
  readonly all: readonly Desired[];
  readonly unfinished: readonly Deployment[];
  /** By environment. */
  readonly holds: ReadonlyMap<string, Hold>;
  readonly now: number;
  readonly showsParameters: boolean;
}

/** An environment as the API shows it. */
export function showEnvironment(
  { services, observations, store, pending, restless, balanced, specOn }: ApiDeps,
  environment: Environment,
  { all, unfinished, holds, now, showsParameters }: Stored,
): Promise<EnvironmentJson> {
  const { name } = environment;
  const isHere = (its: { readonly environment: string }): boolean => its.environment === name;
  const asked = new Map<string, Promise<Release | null>>();
  const deployed = [...services().values()].filter(({ deploy }) => deploy?.environments.includes(name));
  return renderEnvironment({
    environment,
    hold: holds.get(name) ?? null,
    now,
    services: new Set(deployed.map((its) => its.name)),
    desired: new Map(all.filter(isHere).map((desired) => [desired.service, desired])),
    unfinished: unfinished.filter(isHere),
    observationOf: (host) => observations.of(name, host),
    releaseOf(service, number) {
      const key = `${service} ${number}`;
      const found = asked.get(key) ?? store.releases.get(service, number);
      asked.set(key, found);
      return found;
    },
    balancedOf: (service) => balanced.of(name, service),
    restlessOf: (service) => restless.of(name, service),
    specOn,
    pendingOf: (desired) => pending.of(desired),
    showsParameters,
  });
}

/** Reads it, of one environment or of all. */
export async function readStored(
  { store, clock }: Pick<ApiDeps, 'store' | 'clock'>,
  { environment, showsParameters }: { readonly environment?: string; readonly showsParameters: boolean },
): Promise<Stored> {
  const now = clock.now();
  const [all, unfinished, holds] = await Promise.all([
    store.deployments.allDesired(environment),
    store.deployments.unfinished(),
    store.holds.inForce(now),
  ]);
  return { all, unfinished, holds, now, showsParameters };
}

/** What is desired in environments that have left the configuration. */
export function orphanedOf(all: readonly Desired[], environments: ReadonlyMap<string, Environment>) {
  const gone = all.filter(({ environment }) => !environments.has(environment));
  return [...new Set(gone.map(({ environment }) => environment))].map((environment) => ({
    environment,
    services: gone.filter((one) => one.environment === environment).map(({ service }) => service),
  }));
}
