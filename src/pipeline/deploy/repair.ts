import { isAtGate, repairNow } from '../../decide/gates.js';
import { hostsToRepair, mayRepair, repairer, type RepairFacts } from '../../decide/repairs.js';
import { noWishes, type Deployment, type Desired } from '../../model/deployment.js';
import type { Hold } from '../../model/hold.js';
import type { HostObservation } from '../../model/observation.js';
import type { DeployDeps } from './deps.js';
import { freeDeploymentId } from './deployment-id.js';
import type { Restless } from './restless.js';

export interface RepairDeps extends Pick<
  DeployDeps,
  'store' | 'environments' | 'labels' | 'announce' | 'clock' | 'log'
> {
  /** What the hosts were seen to run. */
  readonly observations: { all(): readonly HostObservation[] };
  /** What was found not to stay up. */
  readonly restless: Restless;
  /** Called when the drift of a host that is reached has changed, though what was seen has not. */
  readonly drifted: (environment: string, host: string) => void;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/** Stores the repairs that are due. */
export interface Repairs {
  /** `unfinished`: deployments that have not ended. What they are about is not repaired. Fails as the store does. */
  look(unfinished: readonly Deployment[]): Promise<void>;
}

/** Deployments of a pair that are looked at: many more than may be repairs. */
const LATEST = 20;

/**
 * Asks for a deployment of kind `repair`, limited to the hosts that are not as desired, once they can be reached: those that an earlier
 * deployment left out and, as far as the environment's `repair` says, those that somebody or something changed. Where nothing should run,
 * it is a `stop`. What does not stay up by three repairs in ten minutes is noted as restless, said once in the log, and left alone for a while.
 */
export function createRepairs(deps: RepairDeps): Repairs {
  return {
    async look(unfinished) {
      // What waits at its gate may do so for days.
      const busy = new Set(unfinished.filter((one) => one.status === 'running' || !isAtGate(one)).map(keyOf));
      const [all, now] = [await deps.store.deployments.allDesired(), deps.clock.now()];
      const holds = await deps.store.holds.inForce(now);
      deps.restless.keepOnly(all);
      for (const desired of all)
        if (!busy.has(keyOf(desired))) await repair(desired, holds.get(desired.environment) ?? null, deps);
    },
  };
}

const keyOf = ({ environment, service }: Pick<Desired, 'environment' | 'service'>): string =>
  `${environment}/${service}`;

async function repair(desired: Desired, hold: Hold | null, deps: RepairDeps): Promise<void> {
  const { environment, service } = desired;
  const settings = deps.environments().get(environment);
  if (settings === undefined) return;
  const facts: RepairFacts = {
    desired,
    repair: repairNow(settings, hold, deps.clock.now()),
    observations: deps.observations
      .all()
      .filter((one) => one.environment === environment)
      .map((one) => underPresentNames(one, deps)),
    changedAt: desired.since,
  };
  // What rests for now has not been repaired.
  if (hostsToRepair(facts).length === 0)
    return facts.repair === settings.repair ? noteRestless(desired, [], deps) : undefined;
  const latest = (await deps.store.deployments.page({ environment, service, limit: LATEST, cursor: null })).items;
  const changedAt = Math.max(desired.since, ...latest.map(({ finishedAt }) => finishedAt ?? 0));
  const hosts = hostsToRepair({ ...facts, changedAt });
  if (hosts.length === 0) return;
  if (!mayRepair(latest, deps.clock.now())) return noteRestless(desired, hosts, deps);
  noteRestless(desired, [], deps);
  return ask(desired, hosts, deps);
}

/** A look may be older than the name that a service has now. */
function underPresentNames(one: HostObservation, { labels }: Pick<RepairDeps, 'labels'>): HostObservation {
  const { seen } = one;
  if (seen === null) return one;
  const renamed = <T extends { readonly service: string }>(what: T): T => ({
    ...what,
    service: labels.present(what.service),
  });
  const foreign = seen.foreign.map((other) => (other.claim ? { ...other, claim: renamed(other.claim) } : other));
  return { ...one, seen: { ...seen, own: seen.own.map(renamed), foreign } };
}

/** Tells listeners of each host whose drift is another now. */
function noteRestless({ environment, service }: Desired, hosts: readonly string[], deps: RepairDeps): void {
  const before = deps.restless.of(environment, service);
  if (!deps.restless.note({ environment, service, hosts })) return;
  for (const host of new Set([...before, ...hosts])) deps.drifted(environment, host);
  if (hosts.length === 0) return;
  deps.log.warn({ environment, service, hosts, drift: 'does-not-stay-up' }, 'a service does not stay up by repairs');
}

async function ask(desired: Desired, only: readonly string[], deps: RepairDeps): Promise<void> {
  const { store, clock, log, random, announce } = deps;
  const { environment, service, release, specification, wanted, behind, deploymentId } = desired;
  const id = await freeDeploymentId(random, async (taken) => (await store.deployments.get(taken)) !== null);
  const kind = wanted === 'stopped' ? 'stop' : 'repair';
  const wasLeftOut = only.every((host) => behind.includes(host));
  const reason = wasLeftOut ? 'a host that was left out is back' : 'what should run does not';
  const about = { id, kind, service, environment, release, specification, only, reason, requester: repairer } as const;
  const added = await store.deployments.add({ ...noWishes, ...about }, clock.now(), { deploymentId });
  if (added === null) return;
  announce(added.deployment);
  log.info({ deployment: id, kind, service, environment, hosts: only }, reason);
}
