import type { Environment } from '../model/environment.js';
import type { Service } from '../model/service.js';
import type { Config, Fault } from './config.js';
import { placeOf } from './describe.js';
import { engineKey } from './engine-address.js';
import { fault, listed } from './fault.js';

type Sides = Pick<Config, 'environments' | 'services'>;

/**
 * What a new configuration no longer looks after: containers of services, hosts and environments that leave it. They are never stopped for
 * that. What really runs there is not asked. Pure.
 */
export function leftBehind(older: Sides, newer: Sides): Fault[] {
  const environments = [...older.environments.values()].flatMap((environment) => {
    const services = servicesIn(environment.name, older);
    return services.length === 0
      ? []
      : environmentLeft(environment, newer.environments.get(environment.name), services);
  });
  return [...environments, ...[...older.services.values()].flatMap((service) => serviceLeft(service, newer))];
}

const servicesIn = (environment: string, { services }: Sides): readonly string[] =>
  [...services.values()].filter(({ deploy }) => deploy?.environments.includes(environment)).map(({ name }) => name);

function environmentLeft(before: Environment, after: Environment | undefined, services: readonly string[]): Fault[] {
  const place = placeOf('environments', before.name);
  const what = `what runs there of ${listed(services)} is left as it is`;
  if (after === undefined) return [fault(place, `is gone, with ${listed([...before.hosts.keys()])}; ${what}`)];
  const kept = new Set([...after.hosts.values()].map(({ engine }) => engineKey(engine)));
  return [...before.hosts.values()]
    .filter(({ engine }) => !kept.has(engineKey(engine)))
    .map(({ name }) => {
      const here = placeOf(`${place}.hosts`, name);
      return after.hosts.has(name)
        ? fault(`${here}.engine`, `is another one; ${what}`)
        : fault(here, `is gone; ${what}`);
    });
}

/** An environment that is gone has a message of its own. */
function serviceLeft({ name, deploy }: Service, { environments, services }: Sides): Fault[] {
  const now = services.get(name) ?? [...services.values()].find((one) => one.deploy?.formerly === name);
  const left = (deploy?.environments ?? []).filter(
    (one) => environments.has(one) && !now?.deploy?.environments.includes(one),
  );
  if (left.length === 0) return [];
  const place = placeOf('services', name);
  const what = `what runs of it in ${listed(left)} is left as it is`;
  return now === undefined
    ? [fault(place, `is gone; ${what}`)]
    : [fault(`${place}.deploy.environments`, `no longer has ${listed(left)}; ${what}`)];
}
