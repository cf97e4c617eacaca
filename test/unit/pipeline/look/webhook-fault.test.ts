import type { Decision } from '../../../../src/model/decision.js';
import { lostWebhook } from '../../../../src/pipeline/look/webhook-fault.js';
import { delivery, head, look } from '../../../contracts/store-samples.js';
import { service } from '../../../support/app.js';
import { openTempStore, type TempStore } from '../../../support/store.js';

let temp: TempStore;

beforeEach(async () => {
  temp = await openTempStore();
});
afterEach(() => temp.close());

const found: Decision = {
  service: 'app',
  branch: 'main',
  decision: 'build',
  reason: { code: 'first-build', message: '', paths: [], patterns: [] },
  base: null,
  head: head('a'),
};
const refusals = { note: () => undefined, sinceSweep: async () => null, swept: async () => undefined };
const faultOf = async (decision: Decision = found) => {
  const app = service({ repository: 'abc/app' });
  return (await lostWebhook(decision, app, { store: temp.store, refusals }))?.fault ?? null;
};
const announced = { repository: 'ABC/App', branch: 'main', after: head('a'), status: 'accepted' } as const;
const ofDelivery = look({ trigger: { kind: 'push', deliveryId: 'd1', by: null }, dueAt: 5 });

test('a skip has lost nothing', async () => {
  expect(await faultOf({ ...found, decision: 'skip' })).toBeNull();
});

test('a webhook that is only being worked on is not lost', async () => {
  await temp.store.deliveries.accept(delivery('d1', announced), ofDelivery);
  expect(await faultOf()).toBeNull();
});

test('one that cannot be worked on has failed so far', async () => {
  await temp.store.deliveries.accept(delivery('d1', announced), ofDelivery);
  const [look] = await temp.store.looks.due(10, 1, []);
  await temp.store.looks.postpone(look?.id ?? 0, 1_000);
  expect(await faultOf()).toBe('failed');
});

test.each([
  ['another repository', { repository: 'abc/other' }],
  ['another branch', { branch: 'topic' }],
  ['another commit', { after: head('b') }],
  ['an earlier time at which the branch was there', { status: 'planned' }],
] as const)('one that reported %s is another', async (_what, other) => {
  await temp.store.deliveries.accept(delivery('d1', { ...announced, status: 'failed', ...other }), null);
  expect(await faultOf()).toBe('never-received');
});
