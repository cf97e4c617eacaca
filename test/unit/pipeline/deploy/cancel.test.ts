import { deployStage, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { onCall } from '../../../support/on-call.js';

let stage: DeployStage;
let a: FakeHost;
let b: FakeHost;
beforeEach(async () => {
  stage = await deployStage();
  [a, b] = [...stage.hosts.values()] as [FakeHost, FakeHost];
  await stage.deploy(1);
});
afterEach(() => stage.close());

const cancel = async (id: string) => void (await stage.temp.store.deployments.cancel(id, Date.now()));
/** Long enough for an attempt to hear of it. */
const heard = () => new Promise<void>((resolve) => setTimeout(resolve, 1_200));
const asWas = { a: ['1 always'], b: ['1 always'] };

test('before anything was replaced removes what was made, with its image', async () => {
  const id = await stage.ask(2);
  onCall(b.containers, 'create', () => cancel(id).then(heard), 'after');
  const canceled = await stage.attempt(id);
  expect([canceled.status, canceled.error]).toEqual(['canceled', null]);
  expect(await stage.running()).toEqual(asWas);
  for (const host of [a, b]) expect(await host.images.find(`slipway.local/app:${id}`)).toBeNull();
});

test('after the first host brings it back', async () => {
  const id = await stage.ask(2);
  onCall(a.controls, 'setRestart', () => cancel(id).then(heard), 'after');
  const calls = b.transcript.length;
  const canceled = await stage.attempt(id);
  expect([canceled.status, canceled.error]).toEqual(['rolled-back', null]);
  expect(canceled.steps.filter(({ failed }) => failed)).toEqual([]);
  expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always'] });
  expect(b.transcript.slice(calls).filter((line) => /^(start|stop) /.test(line))).toEqual([]);
  const verdicts = await stage.temp.store.deployments.verdicts('app', [2]);
  expect(verdicts.get('production')?.get(2)?.blocked ?? false).toBe(false);
});

test('while it is put back takes effect with its next attempt', async () => {
  const stopping = new AbortController();
  const id = await stage.ask(2);
  onCall(a.controls, 'start', () => stopping.abort(), 'after');
  expect(await stage.attempt(id, stopping.signal)).toMatchObject({ status: 'pending', startedAt: expect.any(Number) });
  expect((await stage.running())['a']).toEqual(['(1 always)', '2 no']);
  await cancel(id);
  expect((await stage.attempt(id)).status).toBe('rolled-back');
  expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always'] });
});

test('of what goes back already changes nothing', async () => {
  const id = await stage.ask(2);
  b.fail('start', 'container-start-failed', 9);
  onCall(b.controls, 'start', () => cancel(id).then(heard));
  // The reason is what came first: the cancel was heard before the fault.
  expect((await stage.attempt(id)).status).toBe('rolled-back');
  expect((await stage.running())['a']).toEqual(['1 always', '(2 no)']);
});
