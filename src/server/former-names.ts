import type { Fault } from '../config/config.js';
import { placeOf } from '../config/describe.js';
import { fault } from '../config/fault.js';
import type { Labels } from '../container-labels.js';
import type { Log } from '../log.js';
import type { Service } from '../model/service.js';
import type { SharedLock } from '../shared-lock.js';
import type { FormerNames, Store } from '../store/contract.js';

type Services = ReadonlyMap<string, Service>;

export interface FormerNamesDeps {
  readonly store: Pick<Store, 'formerNames'>;
  readonly labels: Pick<Labels, 'rename'>;
  readonly names: Pick<SharedLock, 'alone'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/**
 * Gives each service with `deploy.formerly` what it had under that name, and tells the labels. Each service on its own, and those that have
 * it already change nothing, so it may be stopped at any point. Waits while a container replaces another one. What cannot be taken over is
 * logged. Fails as the store does.
 */
export const takeOverNames = (services: Services, deps: FormerNamesDeps): Promise<void> =>
  deps.names.alone(() => takeOver(services, deps));

async function takeOver(services: Services, { store, labels, log }: Omit<FormerNamesDeps, 'names'>): Promise<void> {
  const { formerNames } = store;
  for (const { service, former } of await renames(services, formerNames)) {
    if (services.has(former) || (await formerNames.takeOver(former, service)) !== 'open') continue;
    // At once: what goes on under the new name has to find its containers.
    labels.rename(await formerNames.all());
    log.info({ service, former }, 'a service has taken over what it had under its former name');
  }
  labels.rename(await formerNames.all());
  for (const { path, message } of await formerNameWarnings(services, { store }))
    log.warn({ path }, `${path} ${message}`);
}

/** What is in the way of taking names over, each at its place. Changes nothing. */
export async function formerNameWarnings(
  services: Services,
  { store: { formerNames } }: Pick<FormerNamesDeps, 'store'>,
): Promise<readonly Fault[]> {
  const found: Fault[] = [];
  const asked = await renames(services, formerNames);
  for (const { service, formerly, former } of asked) {
    const place = `${placeOf('services', service)}.deploy.formerly`;
    if (services.has(former)) found.push(fault(place, `has no effect: ${former} has taken over ${formerly}`));
    else if ((await formerNames.state(former, service)) === 'both')
      found.push(
        fault(place, `has no effect: ${service} has releases or deployments of its own; both stay as they are`),
      );
  }
  for (const [name, present] of await formerNames.all()) {
    const isBack = name === present || asked.some(({ service, former }) => service === name && former === present);
    if (!services.has(name) || isBack) continue;
    const message = `is a former name of ${present}, which has its containers and volumes: a service of this name gets no releases`;
    found.push(fault(placeOf('services', name), message));
  }
  return found;
}

interface Rename {
  readonly service: string;
  readonly formerly: string;
  /** What `formerly` is called now: it may have been taken over before. */
  readonly former: string;
}

/** Those that were not made yet. */
async function renames(services: Services, formerNames: Pick<FormerNames, 'all'>): Promise<readonly Rename[]> {
  const names = await formerNames.all();
  return [...services.values()].flatMap(({ name: service, deploy }) => {
    const formerly = deploy?.formerly ?? null;
    const former = formerly === null ? service : (names.get(formerly) ?? formerly);
    return formerly === null || former === service ? [] : [{ service, formerly, former }];
  });
}
