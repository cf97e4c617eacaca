import type { BranchOf } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, head, image, newBuild, plan, queue, succeed, success, toSkip } from './store-samples.js';

export function overviewContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const app = { service: 'app', branch: 'main' };
  const other = { service: 'other', branch: 'main' };
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

  async function fail(which: BranchOf, now: number): Promise<string> {
    const build = await begin(under.store, newBuild(which));
    const error = { code: 'engine-unavailable', message: 'no', step: 'RUN make', blame: 'engine' } as const;
    await under.store.queue.finish(build, { status: 'failed', error }, now, []);
    return build.id;
  }

  test('ends are those of the branches that were asked for, newest first, no more than wanted of each', async () => {
    const { store } = under;
    const first = await fail(app, 10);
    const second = await succeed(store, newBuild(app), 6000);
    const third = await fail(app, 7000);
    const elsewhere = await fail(other, 7000);
    await fail({ service: 'app', branch: 'next' }, 60);
    await begin(store, newBuild({ ...app, commit: head('c') }));
    const ended = await store.overview.ended([app, other], 2);
    const ofApp = ended.filter(({ service }) => service === 'app');
    expect(ids(ofApp)).toEqual([third, second.id]);
    expect(ids(ended.filter(({ service }) => service === 'other'))).toEqual([elsewhere]);
    expect(ended).toHaveLength(3);
    expect(ofApp[1]).toEqual({
      ...{
        ...app,
        id: second.id,
        status: 'succeeded',
        outcome: 'built',
        startedAt: second.startedAt,
        finishedAt: 6010,
      },
    });
    expect(ids(await store.overview.ended([app], 5, 'succeeded'))).toEqual([second.id]);
    expect(ids(await store.overview.ended([app], 5))).toEqual([third, second.id, first]);
    expect(await store.overview.ended([], 5)).toEqual([]);
  });

  test('many branches are asked for together', async () => {
    const { store } = under;
    const id = await fail({ service: 's600', branch: 'main' }, 10);
    const branches = Array.from({ length: 601 }, (_, at) => ({ service: `s${at}`, branch: 'main' }));
    expect(ids(await store.overview.ended(branches, 20))).toEqual([id]);
  });

  test('what is in flight is all that is queued or runs, with the open step', async () => {
    const { store } = under;
    await fail(app, 10);
    const running = await begin(store, newBuild(app));
    const reason = { ...newBuild().reason, message: 'Because of x.' };
    const queued = newBuild({ ...other, notBefore: 9000, reason });
    await queue(store, queued);
    await store.queue.steps(running, [{ name: 'prepare', startedAt: 1 }]);
    await store.queue.steps(running, [{ name: 'prepare', finishedAt: 2 }]);
    await store.queue.steps(running, [{ name: 'push', startedAt: 3 }]);
    const later = newBuild({ service: 'third' });
    await queue(store, later);
    const [first, second, ...more] = await store.overview.inFlight();
    expect(ids(more)).toEqual([later.id]);
    expect(first).toMatchObject({
      ...app,
      id: running.id,
      status: 'running',
      step: 'push',
      startedAt: running.startedAt,
    });
    expect(second).toEqual({
      ...{ ...other, id: queued.id, status: 'queued', commit: queued.commit, reason: 'Because of x.' },
      ...{ queuedAt: 1000, startedAt: null, attempt: 0, notBefore: 9000, waitedOut: null, step: null },
    });
  });

  test('skips are those without anything to build, newest first; the newest decision is about the head', async () => {
    const { store } = under;
    const record = async (code: 'no-change' | 'waiting-for-artifact', at: number, which = app) => {
      const reason = { code, message: `At ${at}.`, paths: [], patterns: [] };
      await store.decisions.record(plan([toSkip({ ...which, reason })]), at);
    };
    await record('no-change', 10);
    await record('no-change', 20);
    await record('waiting-for-artifact', 30);
    await record('no-change', 40, other);
    expect(await store.overview.skips([app], 5)).toEqual([20, 10].map((at) => ({ ...app, at })));
    expect(await store.overview.skips([app, other], 1)).toHaveLength(2);
    const forced = { code: 'forced', message: 'By hand.', paths: [], patterns: [] } as const;
    await queue(store, newBuild({ ...app, reason: forced }), 50);
    expect(await store.overview.decided([app])).toEqual([
      { ...app, decision: 'skip', code: 'waiting-for-artifact', reason: 'At 30.', head: head('b'), at: 30 },
    ]);
    expect(await store.overview.decided([{ service: 'app', branch: 'next' }])).toEqual([]);
  });

  test('the image is that of the last build that was of the head when it ended', async () => {
    const { store } = under;
    const wasHead = await succeed(store, newBuild({ ...app, commit: head('1') }), 20);
    await succeed(store, newBuild({ ...app, commit: head('2') }), 30, false);
    await fail(app, 50);
    const baseline = await store.builds.baseline('app', 'main');
    expect(baseline?.buildId).toBe(wasHead.id);
    const tags = image().tags;
    expect(await store.overview.images([app, other])).toEqual([
      { ...app, commit: head('1'), digest: `sha256:${wasHead.id}`, tags },
    ]);
  });

  test('details say why a build was made and how it failed', async () => {
    const { store } = under;
    const failed = await fail(app, 10);
    const { id } = await succeed(store, newBuild({ ...app, commit: head('d') }), 20);
    const details = await store.overview.details([failed, id, 'unknown']);
    expect(new Map(details.map((one) => [one.id, one.error]))).toEqual(
      new Map([
        [failed, { message: 'no', step: 'RUN make' }],
        [id, null],
      ]),
    );
    expect(details.find((one) => one.id === id)).toMatchObject({ commit: head('d'), queuedAt: 1000 });
  });

  test('what is new is what was queued or decided after the mark', async () => {
    const { store } = under;
    await fail(app, 10);
    const { branches, mark } = await store.overview.since(null);
    expect(branches).toEqual([]);
    expect(await store.overview.since(mark)).toEqual({ branches: [], mark });
    await store.decisions.record(plan([toSkip({ service: 'skipped' })]), 20);
    await queue(store, newBuild(other));
    const next = await store.overview.since(mark);
    expect(new Set(next.branches.map(({ service }) => service))).toEqual(new Set(['skipped', 'other']));
    expect((await store.overview.since(next.mark)).branches).toEqual([]);
  });

  test('the revision grows with what an overview is read from, not with anything else', async () => {
    const { store } = under;
    const changes = () => store.overview.revision().changes;
    const grows = async (work: () => Promise<unknown>) => {
      const before = changes();
      await work();
      return changes() > before;
    };
    const build = newBuild(app);
    expect(await grows(() => queue(store, build))).toBe(true);
    expect(await grows(() => store.moments.note('sweep', 1))).toBe(false);
    expect(await grows(() => store.overview.ended([app], 5))).toBe(false);
    await store.workers.join('w');
    const claimed = await store.queue.claim('w');
    if (claimed === null) throw new Error('nothing was claimed');
    expect(await grows(() => store.queue.steps(claimed, [{ name: 'push', startedAt: 1 }]))).toBe(true);
    expect(await grows(() => store.queue.finish(claimed, success(), 10, []))).toBe(true);
    expect(await grows(() => store.decisions.record(plan([toSkip()]), 20))).toBe(true);
    const { removals } = store.overview.revision();
    await store.housekeeping.forgetDecisions(2e12);
    expect(store.overview.revision().removals).toBeGreaterThan(removals);
  });
}
