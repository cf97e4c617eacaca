import { createLabels } from '../../../src/container-labels.js';
import { SlipwayError } from '../../../src/errors.js';
import type { Service } from '../../../src/model/service.js';
import { formerNameWarnings, takeOverNames } from '../../../src/server/former-names.js';
import { Secret } from '../../../src/secret.js';
import { createSharedLock } from '../../../src/shared-lock.js';
import { go } from '../../contracts/store-deployment-samples.js';
import { keptLog } from '../../support/kept-log.js';
import { deploySettings, testLabels } from '../../support/own-containers.js';
import { openTempStore, type TempStore } from '../../support/store.js';

let temp: TempStore;
beforeEach(async () => {
  temp = await openTempStore();
});
afterEach(() => temp.close());

const services = (named: Readonly<Record<string, string | null>>) =>
  new Map(
    Object.entries(named).map(([name, formerly]) => [
      name,
      { name, deploy: { ...deploySettings(), formerly } } as Service,
    ]),
  );
const warnings = async (named: Readonly<Record<string, string | null>>) =>
  (await formerNameWarnings(services(named), temp)).map(({ path, message }) => `${path} ${message}`);
const takeOver = (named: Readonly<Record<string, string | null>>) =>
  takeOverNames(services(named), { ...temp, labels: testLabels, names: createSharedLock(), log: keptLog() });

test('tells the labels of each name at once, so that what goes on under it finds its containers', async () => {
  await go(temp.store, 1);
  await go(temp.store, 1, 'deployment', { service: 'other' });
  const labels = createLabels('slipway', new Secret('key'));
  const { formerNames } = temp.store;
  const seen: string[] = [];
  const watched = {
    ...formerNames,
    takeOver: async (former: string, service: string) => {
      seen.push(`${former}: app is ${labels.present('app')}`);
      if (former === 'other') throw new SlipwayError('store-unavailable', 'The database is away.');
      return formerNames.takeOver(former, service);
    },
  };
  const deps = { store: { formerNames: watched }, labels, names: createSharedLock(), log: keptLog() };
  await expect(takeOverNames(services({ shop: 'app', kiosk: 'other' }), deps)).rejects.toThrow('away');
  expect(seen).toEqual(['app: app is app', 'other: app is shop']);
  expect([labels.present('app'), labels.present('other')]).toEqual(['shop', 'other']);
});

test('names nothing that can be taken over, or was', async () => {
  await go(temp.store, 1);
  expect(await warnings({ shop: 'app' })).toEqual([]);
  await takeOver({ shop: 'app' });
  expect(testLabels.present('app')).toBe('shop');
  expect(await warnings({ shop: 'app' })).toEqual([]);
  expect(await warnings({ shop: null })).toEqual([]);
});

test('names a service that has something of its own', async () => {
  await go(temp.store, 1);
  await go(temp.store, 1, 'deployment', { service: 'shop' });
  expect(await warnings({ shop: 'app' })).toEqual([
    'services.shop.deploy.formerly has no effect: shop has releases or deployments of its own; both stay as they are',
  ]);
});

test('names a service that has the former name of another, unless it has it back', async () => {
  await go(temp.store, 1);
  await takeOver({ shop: 'app' });
  expect(await warnings({ shop: 'app', app: null })).toEqual([
    'services.app is a former name of shop, which has its containers and volumes: a service of this name gets no releases',
  ]);
  expect(await warnings({ app: 'shop' })).toEqual([]);
  await takeOver({ app: 'shop' });
  expect(await warnings({ app: 'shop' })).toEqual([]);
  expect(testLabels.present('shop')).toBe('app');
});

test('names a former name that another service has taken over', async () => {
  await go(temp.store, 1);
  await takeOver({ shop: 'app' });
  expect(await warnings({ shop: null, store: 'app' })).toEqual([
    'services.store.deploy.formerly has no effect: shop has taken over app',
  ]);
  await takeOver({ shop: null, store: 'app' });
  expect(await temp.store.formerNames.first('store')).toBe('store');
});
