/** A service that gets another name, while the server runs and at its start. */
import { jest } from '@jest/globals';
import { SlipwayError } from '../../../src/errors.js';
import { loadConfig } from '../../../src/config/load.js';
import { useFakeStage } from '../../support/fake-stage.js';
import { until } from '../../support/slipway.js';
import { go } from '../../contracts/store-deployment-samples.js';

jest.setTimeout(60_000);

const open = useFakeStage();
const environments = { production: { hosts: { a: { engine: 'unix:///run/a.sock', address: 'h' } } } };
const named = (name: string, formerly?: string) => ({
  environments,
  services: {
    [name]: {
      repository: 'abc/app',
      deploy: { environments: ['production'], ...(formerly !== undefined && { formerly }) },
    },
  },
});

interface Releases {
  readonly releases: readonly { readonly number: number }[];
}
interface Environment {
  readonly services: readonly { readonly service: string; readonly orphaned: boolean; readonly desired: unknown }[];
}

test('it keeps releases and what is desired, and what follows is numbered on', async () => {
  const stage = await open({ services: named('app').services, config: { environments } });
  const { slipway } = stage;
  await stage.begin();
  const releasesOf = async (service: string) =>
    (await slipway.get<Releases>(`/api/v1/releases/${service}`)).releases.map(({ number }) => number);
  const shown = async () =>
    (await slipway.get<Environment>('/api/v1/environments/production')).services.map(
      ({ service, orphaned, desired }) => [service, orphaned, desired],
    );
  await go(slipway.running.store, 1);
  expect(await releasesOf('app')).toEqual([1]);

  await slipway.writeConfig(named('shop', 'app'));
  expect(await slipway.running.reload(await loadConfig(slipway.configFile, {}))).toBe(true);
  expect(await shown()).toEqual([['shop', false, { release: 1, tag: '1.1' }]]);
  await slipway.quiet();
  expect(await releasesOf('shop')).toContain(1);
  await stage.push({ 'src/b.txt': '1' });
  await slipway.quiet();
  await until('another release', async () => (await releasesOf('shop'))[0] !== 1);
  const numbers = await releasesOf('shop');

  await slipway.stop();
  await slipway.start(named('store', 'shop'));
  expect(await releasesOf('store')).toEqual(numbers);
  expect(await shown()).toEqual([['store', false, { release: 1, tag: '1.1' }]]);
  expect(await slipway.running.store.formerNames.first('store')).toBe('app');
});

test('what cannot be taken over now leaves the configuration as it was, and both log and readyz say why', async () => {
  const stage = await open({ services: named('app').services, config: { environments } });
  const { slipway } = stage;
  await stage.begin();
  const { store } = slipway.running;
  await go(store, 1);
  const { formerNames } = store;
  const takeOver = formerNames.takeOver.bind(formerNames);
  const away = new SlipwayError('store-unavailable', 'The database is away.');
  Object.assign(formerNames, { takeOver: () => Promise.reject(away) });
  const reload = async () => {
    await slipway.writeConfig(named('shop', 'app'));
    return slipway.running.reload(await loadConfig(slipway.configFile, {}));
  };
  const services = async () =>
    (await slipway.get<Environment>('/api/v1/environments/production')).services.map(({ service }) => service);
  const configuration = async () => (await slipway.request('GET', '/readyz')).body;
  const why = 'former names of services are not taken over; reload again: The database is away.';

  expect(await reload()).toBe(false);
  expect(await services()).toEqual(['app']);
  const errors = slipway.log.lines.filter(({ level }) => level === 'error').map(({ message }) => message);
  expect(errors).toEqual([why, 'configuration in force stays as it is']);
  expect(await configuration()).toContain(why);
  // A push in the meantime gives the new name nothing of its own.
  await stage.push({ 'src/b.txt': '1' });
  await slipway.quiet();

  Object.assign(formerNames, { takeOver });
  expect(await reload()).toBe(true);
  expect(await services()).toEqual(['shop']);
  expect(await store.deployments.desired('production', 'shop')).toMatchObject({ release: { number: 1 } });
});

test('a service that has releases of its own leaves both as they are, and the log says so', async () => {
  const stage = await open({ services: named('app').services, config: { environments } });
  const { slipway } = stage;
  await stage.begin();
  await go(slipway.running.store, 1);
  await slipway.writeConfig(named('shop'));
  await slipway.running.reload(await loadConfig(slipway.configFile, {}));
  await slipway.quiet();
  await slipway.writeConfig(named('shop', 'app'));
  await slipway.running.reload(await loadConfig(slipway.configFile, {}));
  const warnings = slipway.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  expect(warnings).toContain(
    'services.shop.deploy.formerly has no effect: shop has releases or deployments of its own; both stay as they are',
  );
  expect((await slipway.running.store.formerNames.all()).size).toBe(0);
  const { services } = await slipway.get<Environment>('/api/v1/environments/production');
  expect(services.map(({ service, orphaned }) => [service, orphaned])).toEqual([
    ['app', true],
    ['shop', false],
  ]);
});
