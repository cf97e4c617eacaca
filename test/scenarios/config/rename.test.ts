/** A service that gets another name, while the server runs and at its start. */
import { jest } from '@jest/globals';
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
