import type { Decision } from '../../../../src/model/decision.js';
import { lostWebhook } from '../../../../src/pipeline/look/webhook-fault.js';
import { delivery, head, look } from '../../../contracts/store-samples.js';
import { queueBuild, service } from '../../../support/app.js';
import { openTempStore, type TempStore } from '../../../support/store.js';

let temp: TempStore;

beforeEach(async () => {
  temp = await openTempStore();
  await queueBuild(temp.store, { service: 'app', branch: 'main', commit: head('f') });
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
const lostOf = (decision: Decision = found) =>
  lostWebhook(decision, service({ repository: 'abc/app' }), { store: temp.store, refusals });
const faultOf = async (decision: Decision = found) => (await lostOf(decision))?.fault ?? null;
const announced = { repository: 'ABC/App', branch: 'main', after: head('a'), status: 'accepted' } as const;
const ofDelivery = look({ trigger: { kind: 'push', deliveryId: 'd1', by: null }, dueAt: 5 });

test('a skip has lost nothing', async () => {
  expect(await faultOf({ ...found, decision: 'skip' })).toBeNull();
});

test('the first look at a branch has missed nothing', async () => {
  expect(await faultOf({ ...found, branch: 'release' })).toBeNull();
});

test('the first look at a branch tells of a delivery that failed all the same', async () => {
  const told = { ...announced, branch: 'release', status: 'failed', reason: 'git-unauthorized' } as const;
  await temp.store.deliveries.accept(delivery('d1', told), null);
  expect(await faultOf({ ...found, branch: 'release' })).toBe('failed');
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

const unknown = { status: 'ignored', reason: 'repository-not-configured' } as const;

test('one for a name that no service uses says that the repository was renamed', async () => {
  await temp.store.deliveries.accept(delivery('d1', { ...announced, ...unknown, repository: 'abc/app-new' }), null);
  expect(await lostOf()).toEqual({
    fault: 'renamed',
    sentence:
      'Found without a webhook: delivery d1 was for abc/app-new, which no service uses. Was the repository renamed?',
  });
});

test.each([
  ['another commit', { after: head('b') }],
  ['another branch', { branch: 'topic' }],
  ['a service that other repository has', { status: 'planned', reason: null }],
  ['what is ignored for another reason', { reason: 'ref-not-found' }],
] as const)('one for another name that reported %s says nothing of this one', async (_what, other) => {
  const elsewhere = { ...announced, ...unknown, repository: 'abc/app-new', ...other };
  await temp.store.deliveries.accept(delivery('d1', elsewhere), null);
  expect(await faultOf()).toBe('never-received');
});

test('a failed one of the repository itself says more than one for another name', async () => {
  const { deliveries } = temp.store;
  await deliveries.accept(delivery('d1', { ...announced, status: 'failed', reason: 'git-unauthorized' }), null);
  await deliveries.accept(delivery('d2', { ...announced, ...unknown, repository: 'abc/app-new' }), null);
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
