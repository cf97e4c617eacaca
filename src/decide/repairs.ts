import type { Deployment, Desired } from '../model/deployment.js';
import type { Repair } from '../model/environment.js';
import type { HostObservation, OwnContainer } from '../model/observation.js';
import { driftOn } from './container-drift.js';
import { isUp } from './decide-host.js';

/** What should run of a service, and what the hosts of its environment were seen to run. */
export interface RepairFacts {
  readonly desired: Desired;
  readonly repair: Repair;
  readonly observations: readonly HostObservation[];
  /** What was seen before that time may have changed since. Milliseconds since the epoch. */
  readonly changedAt: number;
}

/**
 * The hosts that are to be brought to what is desired: those that were left out and can be reached again; with `missing`, those that run
 * nothing of it; with `all`, also those that run something else than they should. A host that runs a deployment which the database does not
 * know, or a container that names this instance without its seal, is left alone. Pure.
 */
export function hostsToRepair({ desired, repair, observations, changedAt }: RepairFacts): readonly string[] {
  return observations.flatMap(({ host, reachable, seen }) => {
    if (reachable !== true || seen === null || seen.at <= changedAt) return [];
    const own = seen.own.filter(({ service }) => service === desired.service);
    if (own.some((one) => !one.known && isUp(one.state))) return [];
    if (seen.foreign.some(({ claim, state }) => claim?.service === desired.service && state === 'running')) return [];
    return desired.behind.includes(host) || hasToRun(host, own, desired, repair) ? [host] : [];
  });
}

function hasToRun(host: string, own: readonly OwnContainer[], desired: Desired, repair: Repair): boolean {
  if (repair === 'off' || desired.wanted !== 'running') return false;
  // One that came after the deployment has to run nothing yet.
  if (!Object.hasOwn(desired.specification.publish, host)) return false;
  if (!own.some(({ state }) => isUp(state))) return true;
  return repair === 'all' && isOther(host, own, desired);
}

function isOther(host: string, own: readonly OwnContainer[], desired: Desired): boolean {
  const [container = null] = own.filter(({ state }) => isUp(state));
  return driftOn({ host, container, desired, unfinished: new Set(), isChanging: false }).length > 0;
}

/** Repairs of a service in an environment within ten minutes. After that it does not stay up by being repaired. */
export const MAX_REPAIRS = 3;
const WITHIN_MS = 600_000;

/** Whether one more repair is due. `latest`: the newest deployments of the service there. Pure. */
export function mayRepair(latest: readonly Pick<Deployment, 'requester' | 'createdAt'>[], now: number): boolean {
  const recent = latest.filter(({ requester, createdAt }) => isRepairer(requester) && createdAt > now - WITHIN_MS);
  return recent.length < MAX_REPAIRS;
}

const isRepairer = ({ by, person }: Deployment['requester']): boolean => by === repairer.by && !person;

/** Who asks for repairs. */
export const repairer = { by: 'slipway', person: false } as const;
