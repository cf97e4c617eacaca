/** Deliveries that tell of the same push. */
import { randomUUID } from 'node:crypto';
import type { Engine } from '../../../src/engine/contract.js';
import { createFakes } from '../../support/fakes.js';
import { useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const base = 'registry.test:5000/base:1';
const files = { 'docker/Dockerfile': `FROM ${base}\nCOPY . /\n`, 'src/a.txt': '1' };
const services = { app: { repository: 'abc/app', version: { value: '1.0' }, includedRegions: 'auto' } };

/** A stage on which a look gets as far as asking the engine for a base image, until it may go on. */
async function gatedStage() {
  const fake = createFakes().engine;
  fake.addImage(base);
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let asked = 0;
  const images: Engine['images'] = {
    ...fake.images,
    async find(name) {
      asked += 1;
      await gate;
      return fake.images.find(name);
    },
  };
  const stage = await open({ services, engine: { ...fake, images } });
  return { stage, letGo, underWay: () => stage.until('a look to be under way', async () => asked > 0) };
}

async function decisionsOf({ slipway }: FakeStage, id: string) {
  await slipway.decisions(id);
  return slipway.running.store.decisions.ofDelivery(id);
}

test('one body under fifty ids is one look, with one set of decisions that all fifty show', async () => {
  const { stage, letGo, underWay } = await gatedStage();
  const { slipway, repo } = stage;
  const after = await repo.commit({ files });
  const ids = Array.from({ length: 50 }, () => randomUUID());
  const planned: string[] = [];
  slipway.running.events.subscribe((event) => {
    if (event.type === 'delivery' && event.status === 'planned') planned.push(event.id);
  });
  const [first = '', ...others] = ids;
  await slipway.deliver('abc/app', 'main', { after }, first);
  await underWay();
  await Promise.all(others.map((id) => slipway.deliver('abc/app', 'main', { after }, id)));
  expect(await slipway.running.store.looks.due(Number.MAX_SAFE_INTEGER, 100, [])).toHaveLength(1);
  letGo();
  const decisions = await decisionsOf(stage, first);
  expect(decisions).toMatchObject([{ decision: 'build', head: after, trigger: { deliveryId: first } }]);
  for (const id of others) expect(await decisionsOf(stage, id)).toEqual(decisions);
  const shown = await Promise.all(ids.map((id) => slipway.get<{ status: string }>(`/api/v1/deliveries/${id}`)));
  expect(shown.map(({ status }) => status)).toEqual(ids.map(() => 'planned'));
  expect(await slipway.running.store.decisions.last(100)).toHaveLength(1);
  expect([...planned].sort()).toEqual([...ids].sort());
});

test('a push, another, and the first again are three looks', async () => {
  const { stage, letGo, underWay } = await gatedStage();
  const { slipway, repo } = stage;
  const a = await repo.commit({ files });
  const b = await repo.commit({ files: { 'src/a.txt': '2' } });
  await slipway.deliver('abc/app', 'main', { after: a }, '1');
  await underWay();
  await slipway.deliver('abc/app', 'main', { before: a, after: b }, '2');
  await slipway.deliver('abc/app', 'main', { before: b, after: a }, '3');
  expect(await slipway.running.store.looks.due(Number.MAX_SAFE_INTEGER, 100, [])).toHaveLength(3);
  letGo();
  const ids = new Set<number>();
  for (const delivery of ['1', '2', '3']) for (const { id } of await decisionsOf(stage, delivery)) ids.add(id);
  expect(ids.size).toBe(3);
});

test('a replay of a delivery that joined another is shown by both', async () => {
  const { stage, letGo, underWay } = await gatedStage();
  const { slipway, repo } = stage;
  const after = await repo.commit({ files });
  await slipway.deliver('abc/app', 'main', { after }, '1');
  await underWay();
  await slipway.deliver('abc/app', 'main', { after }, '2');
  letGo();
  expect(await decisionsOf(stage, '2')).toHaveLength(1);
  await slipway.post('/api/v1/deliveries/2/replay');
  await stage.until('the replay to be decided', async () => (await decisionsOf(stage, '1')).length === 2);
  expect(await decisionsOf(stage, '2')).toEqual(await decisionsOf(stage, '1'));
});
