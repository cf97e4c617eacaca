import type { BuildEnd, Claimable, LookTarget } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, claim, delivery, head, live, look, newBuild, push, queue, success } from './store-samples.js';

const crashed: BuildEnd = {
  status: 'failed',
  error: { code: 'crashed-repeatedly', message: 'It died.', step: null, blame: 'slipway' },
};
const target: LookTarget = { service: 'app', branch: 'main', commit: head('a') };

const none = { id: 'none', claim: 0 };

export function deathContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  /** The processes die, and this is what the next one does at its start. */
  const restart = async (worker: string) => {
    const store = await under.reopen();
    await live(store, worker);
    return store.housekeeping.recover(worker);
  };
  const takeLooks = async (ids: readonly number[], worker: string) => {
    await live(under.store, worker);
    await under.store.inHand.takeLooks(ids, worker);
  };
  const deathsOfLooks = async () => (await under.store.looks.due(5000, 10, [])).map(({ deaths }) => deaths);
  const deathsOf = async (id: string) => (await under.store.builds.get(id))?.deaths;

  async function dieWithBuild(id: string, times: number): Promise<void> {
    for (let time = 1; time <= times; time += 1) {
      expect(await claim(under.store, `w${time}`)).toMatchObject({ id });
      await restart(`w${time + 1}`);
    }
  }

  async function dieWithLook(id: number, times: number, at: LookTarget | null = null): Promise<void> {
    for (let time = 1; time <= times; time += 1) {
      await takeLooks([id], `w${time}`);
      await under.store.inHand.reach(id, at);
      await restart(`w${time + 1}`);
    }
  }

  test('looks in the hand of a process that is gone count a death, others none', async () => {
    const [taken] = [await under.store.looks.add(look()), await under.store.looks.add(look({ dueAt: 200 }))];
    await takeLooks([taken.id], 'w1');
    expect(await deathsOfLooks()).toEqual([0, 0]);
    await restart('w2');
    expect(await deathsOfLooks()).toEqual([1, 0]);
    await restart('w3');
    expect(await deathsOfLooks()).toEqual([1, 0]);
  });

  test.each<[string, (id: number) => Promise<void>]>([
    ['postponed', (id) => under.store.looks.postpone(id, 900)],
    ['given back', (id) => under.store.inHand.free({ looks: [id] })],
    ['left by a process that ended in good order', () => under.store.workers.leave('w1')],
  ])('a look that was %s counts no death', async (_name, put) => {
    const { id } = await under.store.looks.add(look());
    await takeLooks([id], 'w1');
    await put(id);
    await restart('w2');
    expect(await deathsOfLooks()).toEqual([0]);
  });

  test('a look that is in hand from the start is due at once where the process dies with it', async () => {
    await live(under.store, 'w1');
    const held = await under.store.inHand.addLook(look({ dueAt: 5500 }), 'w1');
    expect(held).toMatchObject({ dueAt: 5500, deaths: 0 });
    expect(await under.store.looks.due(5000, 10, [])).toEqual([]);
    await restart('w2');
    expect(await under.store.looks.due(5000, 10, [])).toEqual([{ ...held, dueAt: 5000, deaths: 1 }]);
  });

  test('repositories of looks and unfinished builds with a death are known', async () => {
    expect(await under.store.setAsides.touched()).toEqual([]);
    const build = newBuild({ repository: 'Abc/Built' });
    await queue(under.store, build);
    await dieWithBuild(build.id, 1);
    await dieWithLook((await under.store.looks.add(look({ repository: 'Abc/Looked' }))).id, 1);
    await under.store.looks.add(look({ repository: 'abc/neither' }));
    expect([...(await under.store.setAsides.touched())].sort()).toEqual(['abc/built', 'abc/looked']);
    await under.store.housekeeping.cancel(build.id, 5000);
    expect(await under.store.setAsides.touched()).toEqual(['abc/looked']);
  });

  test('a look with two deaths is a suspect, which is due by itself', async () => {
    const [bad, good] = [
      await under.store.looks.add(look()),
      await under.store.looks.add(look({ repository: 'abc/other' })),
    ];
    await dieWithLook(bad.id, 2);
    expect(await under.store.looks.due(5000, 10, [])).toEqual([good]);
    expect(await under.store.setAsides.suspect(5000, [])).toMatchObject({ id: bad.id, deaths: 2 });
    expect(await under.store.setAsides.suspect(99, [])).toBeNull();
    expect(await under.store.setAsides.suspect(5000, ['abc/app'])).toBeNull();
    expect(await under.store.setAsides.fatal('w4')).toEqual({ builds: [], looks: [] });
  });

  test('a look with three deaths is set aside: its delivery fails, and what follows from it is stored', async () => {
    await under.store.deliveries.accept(delivery('d1'), look({ trigger: { ...push, deliveryId: 'd1' } }));
    const [{ id } = { id: 0 }] = await under.store.looks.due(5000, 10, []);
    await dieWithLook(id, 3, target);
    const { looks } = await under.store.setAsides.fatal('w4');
    expect(looks).toMatchObject([{ look: { id, deaths: 3 }, target }]);
    const next = look({ trigger: { kind: 'sweep', deliveryId: null, by: null } });
    const end = { reason: 'crashed-repeatedly: …', now: 6000, looks: [next] };
    for (const { look: dead } of looks) expect(await under.store.setAsides.look(dead, end)).toEqual(['d1']);
    for (const { look: dead } of looks) expect(await under.store.setAsides.look(dead, end)).toEqual([]);
    expect(await under.store.deliveries.get('d1')).toMatchObject({ status: 'failed', reason: 'crashed-repeatedly: …' });
    expect(await under.store.looks.due(5000, 10, [])).toMatchObject([next]);
    const [kept, ...more] = await under.store.setAsides.all();
    const of = { repository: 'abc/app', ref: 'refs/heads/main', target, deliveryId: 'd1', buildId: null };
    expect([kept, more]).toEqual([{ id: expect.any(Number), kind: 'look', at: 6000, ...of }, []]);
    await under.store.setAsides.forget([kept?.id ?? 0]);
    expect(await under.store.setAsides.all()).toEqual([]);
  });

  test('builds that ran in a process that is gone count a death, those it put back none', async () => {
    const [running, back, left] = ['a', 'b', 'c'].map((service) => newBuild({ service })) as [Build, Build, Build];
    await begin(under.store, running, 'w1');
    await under.store.queue.putBack(await begin(under.store, back, 'w1'), 2000, false);
    await queue(under.store, left);
    for (const _ of [back, left]) await claim(under.store, 'w0');
    await under.store.workers.leave('w0');
    expect(await restart('w2')).toEqual([running.id, back.id, left.id]);
    expect(await Promise.all([running, back, left].map(({ id }) => deathsOf(id)))).toEqual([1, 0, 0]);
  });

  test('reading ahead for a build is having it in hand, once', async () => {
    const [waiting, begun, done] = ['a', 'b', 'c'].map((service) => newBuild({ service })) as [Build, Build, Build];
    for (const build of [begun, waiting, done]) await queue(under.store, build);
    await live(under.store, 'w1');
    await under.store.inHand.takeBuilds([waiting.id, begun.id, done.id], 'w1');
    await under.store.inHand.free({ builds: [done.id] });
    await claim(under.store, 'w1');
    await restart('w2');
    expect(await Promise.all([waiting, begun, done].map(({ id }) => deathsOf(id)))).toEqual([1, 1, 0]);
    expect((await under.store.builds.upcoming(5000, 10)).map(({ id }) => id)).toEqual([done.id]);
    await restart('w3');
    expect(await deathsOf(waiting.id)).toBe(1);
  });

  test('a build with two deaths is claimed only if suspects are allowed', async () => {
    const [bad, good] = [newBuild({ service: 'bad' }), newBuild({ service: 'good' })];
    await queue(under.store, bad);
    await dieWithBuild(bad.id, 2);
    await queue(under.store, good);
    const claimOf = (which: Claimable) => claim(under.store, 'w', which);
    expect(await claimOf({ suspects: false, except: new Set(['abc/app']) })).toBeNull();
    expect(await claimOf({ suspects: false, except: new Set(['abc/other']) })).toMatchObject({ id: good.id });
    expect(await claimOf({ suspects: false, except: new Set() })).toBeNull();
    expect(await claimOf({ suspects: true })).toMatchObject({ id: bad.id, deaths: 2 });
  });

  test('a build with three deaths is left for its recovery, and kept as set aside when it ends', async () => {
    const build = newBuild();
    await queue(under.store, build);
    await dieWithBuild(build.id, 2);
    await claim(under.store, 'w3');
    expect(await restart('w4')).toEqual([]);
    expect((await under.store.setAsides.fatal('w4')).builds).toMatchObject([
      { id: build.id, status: 'running', deaths: 3, claim: 4 },
    ]);
    // Killed before it was ended.
    expect(await restart('w5')).toEqual([]);
    expect((await under.store.setAsides.fatal('other')).builds).toEqual([]);
    const [fatal = none] = (await under.store.setAsides.fatal('w5')).builds;
    expect(await under.store.queue.finish({ ...fatal, claim: 4 }, crashed, 6000, [])).toBe(false);
    expect(await under.store.queue.finish(fatal, crashed, 6000, [])).toBe(true);
    expect(await under.store.setAsides.fatal('w5')).toEqual({ builds: [], looks: [] });
    expect(await under.store.builds.get(build.id)).toMatchObject({
      status: 'failed',
      error: { code: 'crashed-repeatedly' },
    });
    const of = { repository: 'abc/app', ref: null, target, deliveryId: 'delivery-1', buildId: build.id };
    expect(await under.store.setAsides.all()).toEqual([{ id: expect.any(Number), kind: 'build', at: 6000, ...of }]);
  });

  test('a build that was to be canceled, or that a newer one waits for, ends so instead', async () => {
    const build = newBuild();
    await queue(under.store, build);
    await dieWithBuild(build.id, 2);
    await claim(under.store, 'w3');
    await under.store.housekeeping.cancel(build.id, 5000);
    expect(await restart('w4')).toEqual([build.id]);
    expect(await under.store.builds.get(build.id)).toMatchObject({ status: 'canceled' });
  });

  test('a branch that is built again makes good what was set aside of it', async () => {
    const end = async (service: string, commit: string, how: BuildEnd) => {
      const attempt = await begin(under.store, newBuild({ service, commit }));
      await under.store.queue.finish(attempt, how, 6000, []);
    };
    await end('app', head('a'), crashed);
    await end('other', head('a'), crashed);
    const { id } = await under.store.looks.add(look({ trigger: { ...push, deliveryId: null } }));
    await dieWithLook(id, 3, target);
    for (const { look: dead } of (await under.store.setAsides.fatal('w4')).looks)
      await under.store.setAsides.look(dead, { reason: '', now: 6000, looks: [] });
    const left = async () =>
      (await under.store.setAsides.all()).map(({ kind, target: at }) => `${kind} of ${at?.service}`);
    expect(await left()).toEqual(['build of app', 'build of other', 'look of app']);
    await end('app', head('b'), success());
    expect(await left()).toEqual(['build of other', 'look of app']);
    await end('app', head('a'), success());
    expect(await left()).toEqual(['build of other']);
  });

  test('of the looks at a repository, only those of the sweep at all of it are such', async () => {
    const sweep = { trigger: { kind: 'sweep', deliveryId: null, by: null }, services: null } as const;
    await under.store.looks.add(look({ ref: null, services: null }));
    await under.store.looks.add(look({ ...sweep }));
    expect(await under.store.looks.isSwept('abc/app')).toBe(false);
    await under.store.looks.add(look({ ...sweep, ref: null }));
    expect(await under.store.looks.isSwept('abc/app')).toBe(true);
    expect(await under.store.looks.isSwept('abc/other')).toBe(false);
  });
}

type Build = ReturnType<typeof newBuild>;
