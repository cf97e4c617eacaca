import type { BuildEnd, Claimable, LookTarget } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { delivery, head, look, newBuild, push, queue, success } from './store-samples.js';

const crashed: BuildEnd = {
  status: 'failed',
  error: { code: 'crashed-repeatedly', message: 'It died.', step: null, blame: 'slipway' },
};
const target: LookTarget = { service: 'app', branch: 'main', commit: head('a') };

export function deathContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  /** What the next process does at its start. */
  const restart = (worker: string) => under.store.housekeeping.recover(5000, worker);
  const deathsOfLooks = async () => (await under.store.looks.due(5000, 10, [])).map(({ deaths }) => deaths);
  const deathsOf = async (id: string) => (await under.store.builds.get(id))?.deaths;

  async function dieWithBuild(id: string, times: number): Promise<void> {
    for (let time = 1; time <= times; time += 1) {
      expect(await under.store.queue.claim(`w${time}`, 5000, 9000)).toMatchObject({ id });
      await restart(`w${time + 1}`);
    }
  }

  async function dieWithLook(id: number, times: number, at: LookTarget | null = null): Promise<void> {
    for (let time = 1; time <= times; time += 1) {
      await under.store.inHand.takeLooks([id], `w${time}`);
      await under.store.inHand.reach(id, at);
      await restart(`w${time + 1}`);
    }
  }

  test('looks in the hand of a process that is gone count a death, others none', async () => {
    const { store } = under;
    const [taken] = [await store.looks.add(look()), await store.looks.add(look({ dueAt: 200 }))];
    await store.inHand.takeLooks([taken.id], 'w1');
    expect(await deathsOfLooks()).toEqual([0, 0]);
    await restart('w1');
    expect(await deathsOfLooks()).toEqual([0, 0]);
    await restart('w2');
    expect(await deathsOfLooks()).toEqual([1, 0]);
    await restart('w3');
    expect(await deathsOfLooks()).toEqual([1, 0]);
  });

  test.each<[string, (id: number) => Promise<void>]>([
    ['postponed', (id) => under.store.looks.postpone(id, 900)],
    ['given back', (id) => under.store.inHand.free({ looks: [id] })],
    ['left by a process that ended in good order', () => under.store.inHand.leave('w1')],
  ])('a look that was %s counts no death', async (_name, put) => {
    const { id } = await under.store.looks.add(look());
    await under.store.inHand.takeLooks([id], 'w1');
    await put(id);
    await restart('w2');
    expect(await deathsOfLooks()).toEqual([0]);
  });

  test('a look that is in hand from the start is due at once where the process dies with it', async () => {
    const { store } = under;
    const held = await store.inHand.addLook(look({ dueAt: 5500 }), 'w1');
    expect(held).toMatchObject({ dueAt: 5500, deaths: 0 });
    expect(await store.looks.due(5000, 10, [])).toEqual([]);
    await restart('w2');
    expect(await store.looks.due(5000, 10, [])).toEqual([{ ...held, dueAt: 5000, deaths: 1 }]);
  });

  test('repositories of looks and unfinished builds with a death are known', async () => {
    const { store } = under;
    expect(await store.setAsides.touched()).toEqual([]);
    const build = newBuild({ repository: 'Abc/Built' });
    await queue(store, build);
    await dieWithBuild(build.id, 1);
    await dieWithLook((await store.looks.add(look({ repository: 'Abc/Looked' }))).id, 1);
    await store.looks.add(look({ repository: 'abc/neither' }));
    expect([...(await store.setAsides.touched())].sort()).toEqual(['abc/built', 'abc/looked']);
    await store.housekeeping.cancel(build.id, 5000);
    expect(await store.setAsides.touched()).toEqual(['abc/looked']);
  });

  test('a look with two deaths is a suspect, which is due by itself', async () => {
    const { store } = under;
    const [bad, good] = [await store.looks.add(look()), await store.looks.add(look({ repository: 'abc/other' }))];
    await dieWithLook(bad.id, 2);
    expect(await store.looks.due(5000, 10, [])).toEqual([good]);
    expect(await store.setAsides.suspect(5000, [])).toMatchObject({ id: bad.id, deaths: 2 });
    expect(await store.setAsides.suspect(99, [])).toBeNull();
    expect(await store.setAsides.suspect(5000, ['abc/app'])).toBeNull();
    expect(await store.setAsides.fatal()).toEqual({ builds: [], looks: [] });
  });

  test('a look with three deaths is set aside: its delivery fails, and what follows from it is stored', async () => {
    const { store } = under;
    await store.deliveries.accept(delivery('d1'), look({ trigger: { ...push, deliveryId: 'd1' } }));
    const [{ id } = { id: 0 }] = await store.looks.due(5000, 10, []);
    await dieWithLook(id, 3, target);
    const { looks } = await store.setAsides.fatal();
    expect(looks).toMatchObject([{ look: { id, deaths: 3 }, target }]);
    const next = look({ trigger: { kind: 'sweep', deliveryId: null, by: null } });
    const end = { reason: 'crashed-repeatedly: …', now: 6000, looks: [next] };
    for (const { look: dead } of looks) expect(await store.setAsides.look(dead, end)).toEqual(['d1']);
    for (const { look: dead } of looks) expect(await store.setAsides.look(dead, end)).toEqual([]);
    expect(await store.deliveries.get('d1')).toMatchObject({ status: 'failed', reason: 'crashed-repeatedly: …' });
    expect(await store.looks.due(5000, 10, [])).toMatchObject([next]);
    const [kept, ...more] = await store.setAsides.all();
    const of = { repository: 'abc/app', ref: 'refs/heads/main', target, deliveryId: 'd1', buildId: null };
    expect([kept, more]).toEqual([{ id: expect.any(Number), kind: 'look', at: 6000, ...of }, []]);
    await store.setAsides.forget([kept?.id ?? 0]);
    expect(await store.setAsides.all()).toEqual([]);
  });

  test('builds that ran in a process that is gone count a death, those it put back none', async () => {
    const { store } = under;
    const [running, back, left] = ['a', 'b', 'c'].map((service) => newBuild({ service })) as [Build, Build, Build];
    for (const build of [running, back]) {
      await queue(store, build);
      await store.queue.claim('w1', 2000, 9000);
    }
    await store.queue.putBack(back.id, 2000, false);
    await queue(store, left);
    await store.queue.claim('w0', 2000, 9000);
    await store.queue.claim('w0', 2000, 9000);
    await store.inHand.leave('w0');
    expect(await restart('w2')).toEqual([running.id, back.id, left.id]);
    expect(await Promise.all([running, back, left].map(({ id }) => deathsOf(id)))).toEqual([1, 0, 0]);
  });

  test('a lease that runs out is no death', async () => {
    const build = newBuild();
    await queue(under.store, build);
    await under.store.queue.claim('w1', 2000, 3000);
    expect(await under.store.housekeeping.recover(5000, null)).toEqual([build.id]);
    expect(await deathsOf(build.id)).toBe(0);
  });

  test('reading ahead for a build is having it in hand, once', async () => {
    const { store } = under;
    const [waiting, begun, done] = ['a', 'b', 'c'].map((service) => newBuild({ service })) as [Build, Build, Build];
    for (const build of [begun, waiting, done]) await queue(store, build);
    await store.inHand.takeBuilds([waiting.id, begun.id, done.id], 'w1');
    await store.inHand.free({ builds: [done.id] });
    await store.queue.claim('w1', 2000, 9000);
    await restart('w2');
    expect(await Promise.all([waiting, begun, done].map(({ id }) => deathsOf(id)))).toEqual([1, 1, 0]);
    expect((await store.builds.upcoming(5000, 10)).map(({ id }) => id)).toEqual([done.id]);
    await restart('w3');
    expect(await deathsOf(waiting.id)).toBe(1);
  });

  test('a build with two deaths is claimed only if suspects are allowed', async () => {
    const { store } = under;
    const [bad, good] = [newBuild({ service: 'bad' }), newBuild({ service: 'good' })];
    await queue(store, bad);
    await dieWithBuild(bad.id, 2);
    await queue(store, good);
    const claim = (which: Claimable) => store.queue.claim('w', 5000, 9000, which);
    expect(await claim({ suspects: false, except: new Set(['abc/app']) })).toBeNull();
    expect(await claim({ suspects: false, except: new Set(['abc/other']) })).toMatchObject({ id: good.id });
    expect(await claim({ suspects: false, except: new Set() })).toBeNull();
    expect(await claim({ suspects: true })).toMatchObject({ id: bad.id, deaths: 2 });
  });

  test('a build with three deaths is left for its recovery, and kept as set aside when it ends', async () => {
    const { store } = under;
    const build = newBuild();
    await queue(store, build);
    await dieWithBuild(build.id, 2);
    await store.queue.claim('w3', 5000, 9000);
    expect(await restart('w4')).toEqual([]);
    expect((await store.setAsides.fatal()).builds).toMatchObject([{ id: build.id, status: 'running', deaths: 3 }]);
    // Killed before it was ended.
    expect(await restart('w5')).toEqual([]);
    expect(await store.queue.finish(build.id, crashed, 6000, [])).toBe(true);
    expect(await store.setAsides.fatal()).toEqual({ builds: [], looks: [] });
    expect(await store.builds.get(build.id)).toMatchObject({ status: 'failed', error: { code: 'crashed-repeatedly' } });
    const of = { repository: 'abc/app', ref: null, target, deliveryId: 'delivery-1', buildId: build.id };
    expect(await store.setAsides.all()).toEqual([{ id: expect.any(Number), kind: 'build', at: 6000, ...of }]);
  });

  test('a build that was to be canceled, or that a newer one waits for, ends so instead', async () => {
    const { store } = under;
    const build = newBuild();
    await queue(store, build);
    await dieWithBuild(build.id, 2);
    await store.queue.claim('w3', 5000, 9000);
    await store.housekeeping.cancel(build.id, 5000);
    expect(await restart('w4')).toEqual([build.id]);
    expect(await store.builds.get(build.id)).toMatchObject({ status: 'canceled' });
  });

  test('a branch that is built again makes good what was set aside of it', async () => {
    const { store } = under;
    const end = async (service: string, commit: string, how: BuildEnd) => {
      const build = newBuild({ service, commit });
      await queue(store, build);
      await store.queue.claim('w', 5000, 9000);
      await store.queue.finish(build.id, how, 6000, []);
    };
    await end('app', head('a'), crashed);
    await end('other', head('a'), crashed);
    const { id } = await store.looks.add(look({ trigger: { ...push, deliveryId: null } }));
    await dieWithLook(id, 3, target);
    for (const { look: dead } of (await store.setAsides.fatal()).looks)
      await store.setAsides.look(dead, { reason: '', now: 6000, looks: [] });
    const left = async () => (await store.setAsides.all()).map(({ kind, target: at }) => `${kind} of ${at?.service}`);
    expect(await left()).toEqual(['build of app', 'build of other', 'look of app']);
    await end('app', head('b'), success());
    expect(await left()).toEqual(['build of other', 'look of app']);
    await end('app', head('a'), success());
    expect(await left()).toEqual(['build of other']);
  });

  test('of the looks at a repository, only those of the sweep at all of it are such', async () => {
    const { store } = under;
    const sweep = { trigger: { kind: 'sweep', deliveryId: null, by: null }, services: null } as const;
    await store.looks.add(look({ ref: null, services: null }));
    await store.looks.add(look({ ...sweep }));
    expect(await store.looks.isSwept('abc/app')).toBe(false);
    await store.looks.add(look({ ...sweep, ref: null }));
    expect(await store.looks.isSwept('abc/app')).toBe(true);
    expect(await store.looks.isSwept('abc/other')).toBe(false);
  });
}

type Build = ReturnType<typeof newBuild>;
