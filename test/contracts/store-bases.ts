import type { Attempt } from '../../src/model/build.js';
import type { BaseEdge } from '../../src/model/base-edge.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import {
  claim as claimNext,
  edge,
  head,
  look,
  newBuild,
  plan,
  queue,
  success,
  toBuild,
  toSkip,
} from './store-samples.js';

export function baseContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  let running: Attempt[];
  beforeEach(() => (running = []));
  const claim = async () => {
    const build = await claimNext(under.store);
    if (build) running.push(build);
    return build?.service ?? null;
  };
  const finish = (id: string | undefined) =>
    under.store.queue.finish(running.find((one) => one.id === id) ?? { id: 'none', claim: 0 }, success(), 2001, []);

  /** Decides to skip, so that the edges are known; resolves when they are. */
  const stand = async (edges: readonly BaseEdge[]) => {
    for (const service of new Set(edges.map((each) => each.service))) {
      const bases = edges.filter((each) => each.service === service);
      await under.store.decisions.record(plan([{ ...toSkip({ service }), bases }]), 1);
    }
  };
  const queueAll = async (services: readonly string[], over: object = {}) => {
    const builds = services.map((service) => newBuild({ service, ...over }));
    await under.store.decisions.record(plan(builds.map((build) => toBuild(build))), 1);
    return builds;
  };

  test('a decision replaces what its branch stood on, and leaves it alone where it says nothing of it', async () => {
    await stand([edge('app', 'base'), edge('app', 'tools'), edge('other', 'base')]);
    await under.store.decisions.record(plan([{ ...toSkip(), bases: [edge('app', 'tools')] }]), 1);
    await under.store.decisions.record(plan([toSkip()]), 2);
    const { bases } = under.store;
    expect(await bases.under('app', 'main')).toEqual([edge('app', 'tools')]);
    expect(await bases.under('other', 'main')).toEqual([edge('other', 'base')]);
    expect(await bases.under('app', 'release/1')).toEqual([]);
  });

  test('what a branch stands on can be replaced without a decision', async () => {
    await stand([edge('app', 'base'), edge('other', 'base')]);
    const { bases } = under.store;
    await bases.replace('app', 'main', [edge('app', 'tools')]);
    expect(await bases.under('app', 'main')).toEqual([edge('app', 'tools')]);
    await bases.replace('app', 'main', []);
    expect(await bases.under('app', 'main')).toEqual([]);
    expect(await bases.under('other', 'main')).toEqual([edge('other', 'base')]);
  });

  test('those who stand on an image are found by its name', async () => {
    const fixed = edge('tagged', 'base', { reference: 'registry.test/base:1.0', baseBranch: null });
    await stand([edge('app', 'base'), edge('other', 'tools'), fixed]);
    const { bases } = under.store;
    expect(await bases.standingOn(['registry.test/base:main', 'registry.test/none:1'])).toEqual([edge('app', 'base')]);
    expect(await bases.standingOn(['registry.test/base:1.0'])).toEqual([fixed]);
    expect(await bases.standingOn([])).toEqual([]);
  });

  test('a build waits for the builds of its bases, however far below', async () => {
    await stand([edge('app', 'middle'), edge('middle', 'base')]);
    const [app, base] = await queueAll(['app', 'base']);
    const hindrances = async () => [...(await under.store.builds.hindrances([app?.id ?? '', base?.id ?? '']))];
    const forBase = [[app?.id, { code: 'base-building', by: 'base on main' }]];
    expect(await hindrances()).toEqual(forBase);
    expect(await claim()).toBe('base');
    expect(await claim()).toBeNull();
    expect(await hindrances()).toEqual(forBase);
    await finish(base?.id);
    expect(await hindrances()).toEqual([]);
    expect(await claim()).toBe('app');
  });

  test('it waits for the look that will decide on a base, until that look is put off', async () => {
    await stand([edge('app', 'base')]);
    const { id } = await under.store.looks.add(look({ services: ['base'] }));
    await queueAll(['app']);
    expect(await claim()).toBeNull();
    await under.store.looks.postpone(id, 5000);
    expect(await claim()).toBe('app');
  });

  test.each<[string, readonly BaseEdge[], object]>([
    ['a tag that never moves', [edge('app', 'base', { baseBranch: null })], {}],
    ['another branch of the base', [edge('app', 'base', { baseBranch: 'release/1' })], {}],
    ['nothing, being forced', [edge('app', 'base')], { forced: true }],
  ])('a build that stands on %s does not wait', async (_, edges, over) => {
    await stand(edges);
    await queue(under.store, newBuild({ service: 'base', commit: head('c') }));
    expect(await claim()).toBe('base');
    await queueAll(['app'], over);
    expect(await claim()).toBe('app');
  });

  test('those that stand on each other run one after another, after what the whole circle stands on', async () => {
    await stand([edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('c', 'base'), edge('self', 'self')]);
    const [a, b, c, base] = await queueAll(['a', 'b', 'c', 'base', 'self']);
    expect([await claim(), await claim(), await claim()]).toEqual(['base', 'self', null]);
    for (const [ended, next] of [
      [base, 'a'],
      [a, 'b'],
      [b, 'c'],
      [c, null],
    ] as const) {
      await finish(ended?.id);
      expect([await claim(), await claim()]).toEqual([next, null]);
    }
  });
}
