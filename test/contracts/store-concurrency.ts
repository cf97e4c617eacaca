import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Store } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { claim, delivery, head, look, newBuild, plan, queue, success, toBuild } from './store-samples.js';

const services = ['a', 'b', 'c'];
const none = { id: 'none', claim: 0 };

export function concurrencyContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('claims at the same time never take a build twice nor two of a service', async () => {
    const { store } = under;
    for (let index = 0; index < 30; index += 1) {
      await queue(store, newBuild({ service: `s${index % 7}`, forced: true }));
    }
    const claims = await Promise.all(Array.from({ length: 40 }, (_, index) => claim(store, `w${index}`)));
    const running = claims.flatMap((build) => (build ? [build.service] : []));
    expect(running.sort()).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6']);
  });

  test('the same plan recorded at the same time queues one build', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => queue(under.store, newBuild())));
    expect(new Set(answers).size).toBe(1);
    expect(await under.store.housekeeping.load()).toMatchObject({ queued: 1, running: 0 });
  });

  test('many deliveries at the same time are all kept, in the order in which they arrived', async () => {
    const ids = Array.from({ length: 1200 }, (_, index) => `d${index}`);
    await Promise.all(ids.map((id) => under.store.deliveries.accept(delivery(id), look())));
    const { items } = await under.store.deliveries.page({ limit: 2000, cursor: null });
    expect(items.map(({ id }) => id)).toEqual([...ids].reverse());
    expect(await under.store.looks.due(100, 5000, [])).toHaveLength(1200);
  });

  test('whatever happens in whatever order, the rules of the queue hold and every build gets somewhere', async () => {
    const action = fc.record({
      kind: fc.constantFrom('queue', 'claim', 'finish', 'putBack', 'cancel', 'leave', 'recover'),
      service: fc.constantFrom(...services),
      commit: fc.constantFrom('a', 'b', 'c'),
      forced: fc.boolean(),
      everyPush: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
        const workers: string[] = [];
        await Promise.all(actions.map((each) => act(under.store, each, workers)));
        await checkRules(under.store);
        await drain(under.store, workers);
        expect(await under.store.housekeeping.load()).toMatchObject({ queued: 0, running: 0 });
      }),
      { numRuns: 15 },
    );
  });
}

interface Action {
  readonly kind: string;
  readonly service: string;
  readonly commit: string;
  readonly forced: boolean;
  readonly everyPush: boolean;
}

async function act(store: Store, { kind, service, commit, forced, everyPush }: Action, workers: string[]) {
  const running = async () =>
    (await store.builds.page({ service, status: 'running', limit: 1, cursor: null })).items[0] ?? none;
  if (kind === 'queue') {
    await store.decisions.record(plan([toBuild(newBuild({ service, commit: head(commit), forced, everyPush }))]), 1);
  }
  if (kind === 'claim') {
    const worker = randomUUID();
    await claim(store, worker);
    workers.push(worker);
  }
  if (kind === 'finish') await store.queue.finish(await running(), success(), 3, []);
  if (kind === 'putBack') await store.queue.putBack(await running(), 2, forced);
  if (kind === 'cancel') await store.housekeeping.cancel((await running()).id, 2);
  if (kind === 'leave') await store.workers.leave(workers.pop() ?? 'nobody');
  if (kind === 'recover') await store.housekeeping.recover('nobody');
}

async function checkRules(store: Store): Promise<void> {
  const all = (await store.builds.page({ limit: 5000, cursor: null })).items;
  for (const service of services) {
    const own = all.filter((build) => build.service === service);
    expect(own.filter(({ status }) => status === 'running').length).toBeLessThanOrEqual(1);
    const latest = own.filter(({ status, forced, everyPush }) => status === 'queued' && !forced && !everyPush);
    expect(latest.length).toBeLessThanOrEqual(1);
  }
  for (const { status, finishedAt, startedAt } of all) {
    expect(finishedAt === null).toBe(status === 'queued' || status === 'running');
    if (status === 'queued') expect(startedAt).toBeNull();
  }
}

/** The workers leave, and another one works off all that is left. */
async function drain(store: Store, workers: readonly string[]): Promise<void> {
  for (const worker of workers) await store.workers.leave(worker);
  await store.housekeeping.recover('last');
  for (let build = await claim(store, 'last'); build; build = await claim(store, 'last')) {
    expect(await store.queue.finish(build, { status: 'canceled' }, 9, [])).toBe(true);
  }
}
