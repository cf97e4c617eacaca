import type { Balancers } from '../../balancer/contract.js';
import type { Clock } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Environment } from '../../model/environment.js';
import type { Service } from '../../model/service.js';
import { createWake } from '../../queue/wake.js';
import type { Deployments } from '../../store/deployment-contract.js';
import type { KeptBalanced } from './balanced.js';

export interface WatchBalancersDeps {
  readonly balancers: Pick<Balancers, 'find' | 'closeGone'>;
  readonly balanced: KeptBalanced;
  readonly environments: () => ReadonlyMap<string, Environment>;
  readonly services: () => ReadonlyMap<string, Pick<Service, 'name' | 'deploy'>>;
  readonly store: { readonly deployments: Pick<Deployments, 'allDesired'> };
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
}

/** A balancer that tells of nothing is asked this often. */
const SWEEP_MS = 30_000;
/** Deployments that change it tell of each step. */
const MIN_PAUSE_MS = 2_000;

/** Asks the balancers again and again who is active, until the signal aborts: while deployments change it, else every 30 seconds. Never fails. */
export async function watchBalancers(deps: WatchBalancersDeps, stopping: AbortSignal): Promise<void> {
  const { environments, events, clock } = deps;
  const wake = createWake(events, ['deployment', 'configuration']);
  const silent = new Set<string>();
  try {
    while (!stopping.aborted) {
      await deps.balancers.closeGone();
      for (const environment of environments().values())
        if (environment.balancer !== null) await look(environment, silent, deps, stopping);
      await clock.sleep(MIN_PAUSE_MS, stopping);
      await wake.within(SWEEP_MS, clock, stopping);
    }
  } finally {
    wake.close();
  }
}

/** `silent`: the environments whose balancer could not answer last time. It is said once. */
async function look(
  { name }: Environment,
  silent: Set<string>,
  deps: WatchBalancersDeps,
  stopping: AbortSignal,
): Promise<void> {
  const { balancers, balanced, log } = deps;
  let fault: unknown = null;
  for (const service of await servicesIn(name, deps)) {
    if (stopping.aborted) return;
    try {
      const seen = await (await balancers.find(name))?.observe(service);
      balanced.note(name, service, seen ? new Map([...seen].map(([host, { state }]) => [host, state])) : null);
    } catch (error) {
      fault ??= error;
      balanced.note(name, service, null);
    }
  }
  if (fault === null) silent.delete(name);
  else if (!silent.has(name)) {
    silent.add(name);
    log.warn({ environment: name, why: asSlipwayError(fault).message }, 'a balancer cannot say who is active');
  }
}

/** By the configuration, or in fact. While the database is away, the former only. */
async function servicesIn(environment: string, { services, store }: WatchBalancersDeps): Promise<readonly string[]> {
  const desired = await store.deployments.allDesired(environment).catch(() => []);
  const deployed = [...services().values()].filter(({ deploy }) => deploy?.environments.includes(environment));
  return [...new Set([...deployed.map(({ name }) => name), ...desired.map(({ service }) => service)])];
}
