import { currentOf } from '../current-container.js';
import { driftOn } from '../decide/container-drift.js';
import type { HostObservation } from '../model/observation.js';
import type { Store } from '../store/contract.js';

export interface DriftedDeps {
  readonly store: { readonly deployments: Pick<Store['deployments'], 'allDesired' | 'unfinished'> };
  readonly observations: { all(): readonly HostObservation[] };
  /** Hosts on which a service does not stay up by repairs. */
  readonly restless: { of(environment: string, service: string): readonly string[] };
}

/** Fields of a service on a host that are not as they should be. */
export interface Drifted {
  readonly environment: string;
  readonly service: string;
  readonly host: string;
  readonly count: number;
}

/** What has drifted on the hosts that are reached, as it was seen last. Where nothing has, there is no entry. Fails as the store does. */
export async function drifted({ store, observations, restless }: DriftedDeps): Promise<readonly Drifted[]> {
  const all = await store.deployments.allDesired();
  const open = await store.deployments.unfinished();
  return observations.all().flatMap(({ environment, host, reachable, seen }) => {
    if (reachable !== true || seen === null) return [];
    const desiredThere = all.filter((one) => one.environment === environment);
    const services = new Set([...desiredThere, ...seen.own].map(({ service }) => service));
    return [...services].flatMap((service) => {
      const its = open.filter((one) => one.environment === environment && one.service === service);
      const { length: count } = driftOn({
        host,
        container: currentOf(seen.own.filter((one) => one.service === service)),
        desired: desiredThere.find((one) => one.service === service) ?? null,
        unfinished: new Set(its.map(({ id }) => id)),
        isChanging: its.some(({ status }) => status === 'running'),
        isRestless: restless.of(environment, service).includes(host),
      });
      return count === 0 ? [] : [{ environment, service, host, count }];
    });
  });
}
