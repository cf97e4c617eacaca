import type { BuildQuery } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, claim, head, inputs, newBuild, queue, succeed, success } from './store-samples.js';

export function buildContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('an unknown build is null', async () => {
    expect(await under.store.builds.get('nothing')).toBeNull();
    expect(await under.store.builds.get('')).toBeNull();
  });

  test.each<[string, Partial<BuildQuery>, string]>([
    ['everything', {}, 'fedcba'],
    ['a service', { service: 'app' }, 'edca'],
    ['a branch', { branch: 'main' }, 'fdcba'],
    ['a service and a branch', { service: 'app', branch: 'main' }, 'dca'],
    ['a status', { status: 'queued' }, 'fedcb'],
    ['a service and a status', { service: 'app', status: 'running' }, 'a'],
    ['service, branch and status', { service: 'app', branch: 'main', status: 'queued' }, 'dc'],
    ['nothing', { service: 'none' }, ''],
    ['a repository, in any case', { repository: 'ABC/Two' }, 'f'],
    ['another repository', { repository: 'abc/three' }, ''],
    ['a commit', { commit: head('b') }, 'd'],
    ['the beginning of a commit, in capitals', { commit: 'BBBB' }, 'd'],
    ['a service and a commit', { service: 'app', commit: 'aaaa' }, 'eca'],
  ])('pages of %s are newest first and complete', async (_name, query, expected) => {
    const make = (id: string, over = {}) => queue(under.store, newBuild({ id, forced: true, ...over }));
    await make('a');
    await claim(under.store);
    await make('b', { service: 'other' });
    await make('c');
    await make('d', { commit: head('b') });
    await make('e', { branch: 'release/1' });
    await make('f', { service: 'other', repository: 'abc/two' });
    let seen = '';
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page = await under.store.builds.page({ ...query, limit: 2, cursor });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen += page.items.map(({ id }) => id).join('');
      cursor = page.nextCursor;
    }
    expect(seen).toBe(expected);
  });

  test('a page shows each build with its own steps', async () => {
    const [first, second] = [newBuild(), newBuild({ service: 'other' })];
    for (const build of [first, second]) {
      const attempt = await begin(under.store, build);
      await under.store.queue.steps(attempt, [{ name: `fetch ${build.service}`, startedAt: 1 }]);
    }
    const { items } = await under.store.builds.page({ limit: 10, cursor: null });
    expect(items.map(({ steps }) => steps.map(({ name }) => name))).toEqual([['fetch other'], ['fetch app']]);
  });

  test('the baseline is the newest successful build of a head', async () => {
    const { store } = under;
    expect(await store.builds.baseline('app', 'main')).toBeNull();
    const first = newBuild({ commit: head('a') });
    await succeed(store, first, 2000);
    await succeed(store, newBuild({ commit: head('b') }), 3000, false);
    await succeed(store, newBuild({ commit: head('c'), branch: 'release/1' }), 4000);
    const failed = await begin(store, newBuild({ commit: head('d') }));
    await store.queue.progress(failed, { wasHead: true });
    await store.queue.finish(failed, { status: 'canceled' }, 5001, []);
    expect(await store.builds.baseline('app', 'main')).toEqual({
      buildId: first.id,
      commit: head('a'),
      inputs: inputs(head('a')),
      image: { repository: 'registry.test/app', digest: `sha256:${first.id}`, tags: ['1.0-1-aaaaaaa', 'main'] },
    });
    const next = newBuild({ commit: head('e') });
    await succeed(store, next, 7000);
    expect(await store.builds.baseline('app', 'main')).toMatchObject({ buildId: next.id });
  });

  test('of builds that end at the same time the one queued last is the baseline', async () => {
    await succeed(under.store, newBuild({ commit: head('a') }), 2000);
    const last = newBuild({ commit: head('b') });
    await succeed(under.store, last, 2000);
    expect(await under.store.builds.baseline('app', 'main')).toMatchObject({ buildId: last.id });
  });

  test('the baseline is the build that ended last, also where the clock was set back', async () => {
    await succeed(under.store, newBuild({ commit: head('a') }), 9000);
    const last = newBuild({ commit: head('b') });
    await succeed(under.store, last, 2000);
    expect(await under.store.builds.baseline('app', 'main')).toMatchObject({ buildId: last.id });
  });

  test('the newest build is the one queued last, of a commit where one is named', async () => {
    const builds = [head('a'), head('b'), head('a')].map((commit) => newBuild({ commit, forced: true }));
    for (const build of builds) await queue(under.store, build);
    expect(await under.store.builds.newest('app', 'main')).toMatchObject({ id: builds[2]?.id });
    expect(await under.store.builds.newest('app', 'main', head('b'))).toMatchObject({ id: builds[1]?.id });
    expect(await under.store.builds.newest('app', 'main', head('c'))).toBeNull();
    expect(await under.store.builds.newest('app', 'release/1')).toBeNull();
  });

  test('the build that succeeded for a commit is found on whatever branch', async () => {
    const build = newBuild({ branch: 'release/1' });
    await succeed(under.store, build, 2000);
    await queue(under.store, newBuild({ forced: true }));
    expect(await under.store.builds.succeeded('app', head('a'))).toMatchObject({ id: build.id, outcome: 'built' });
    expect(await under.store.builds.succeeded('app', head('b'))).toBeNull();
  });

  test('a reused image names the build that made it', async () => {
    const build = await begin(under.store);
    const reused = { outcome: 'reused', reusedFrom: 'build-0' } as const;
    await under.store.queue.finish(build, { ...success(), ...reused }, 9, []);
    expect(await under.store.builds.get(build.id)).toMatchObject({ outcome: 'reused', reusedFrom: 'build-0' });
  });
}
