import type { Release } from '../../src/model/release.js';
import type { Store } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { build, released, skip, type Ended } from './store-release-samples.js';
import { begin, head, image, newBuild, runFile, success } from './store-samples.js';

const said = ({ number, branch, commit, image: { digest }, runFileHash }: Release): string =>
  [number, branch, commit[0], digest, runFileHash].join(' ');

async function list(store: Store, service = 'app'): Promise<string[]> {
  const { items } = await store.releases.page({ service, limit: 50, cursor: null });
  return items.map(said).reverse();
}

const covering = async (store: Store, commit: string, branch = 'main') =>
  (await store.releases.covering('app', branch, commit))?.number ?? null;

export function releaseContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  describe('a build that succeeds', () => {
    test('makes a release, which reads back as it was made, also after a restart', async () => {
      const made = await build(under.store, { file: runFile('one') });
      const expected: Release = {
        service: 'app',
        number: 1,
        branch: 'main',
        commit: head('a'),
        image: image('sha256:1'),
        runFile: { source: 'application', path: 'docker/compose.yaml', commit: head('a'), overlays: ['production'] },
        runFileHash: 'one',
        buildId: made.id,
        createdAt: expect.any(Number),
        verdicts: [],
      };
      const found = await under.store.releases.get('app', 1);
      expect(found).toEqual(expected);
      expect(found?.createdAt).toBeGreaterThanOrEqual(1000);
      const store = await under.reopen();
      expect(await store.releases.get('app', 1)).toEqual(expected);
      expect(await store.releases.texts('one')).toEqual(runFile('one').texts);
      expect(await store.releases.get('app', 2)).toBeNull();
      expect(await store.releases.get('other', 1)).toBeNull();
    });

    test('makes none if it does not succeed, or is lost', async () => {
      const { store } = under;
      const failed = await begin(store, newBuild());
      await store.queue.finish(failed, { status: 'canceled' }, 1, []);
      await store.queue.finish(failed, success(), 2, []);
      expect(await list(store)).toEqual([]);
    });

    test('makes none if its end cannot be stored whole', async () => {
      const { store } = under;
      const attempt = await begin(store, newBuild());
      const unread = runFile('never stored', { texts: null });
      await expect(store.queue.finish(attempt, success(image(), null, unread), 2, [])).rejects.toMatchObject({
        code: 'internal',
      });
      expect(await list(store)).toEqual([]);
      expect(await store.builds.get(attempt.id)).toMatchObject({ status: 'running' });
      await store.queue.finish(attempt, success(), 3, []);
      expect(await list(store)).toEqual(['1 main a sha256:1 none']);
    });

    test.each<[string, Ended, Ended, readonly string[]]>([
      [
        'another image is another release',
        {},
        { digest: 'sha256:2' },
        ['1 main a sha256:1 none', '2 main a sha256:2 none'],
      ],
      [
        'another run file is another release',
        {},
        { file: runFile('one') },
        ['1 main a sha256:1 none', '2 main a sha256:1 one'],
      ],
      ['the same of both is no other release', {}, { commit: head('b') }, ['1 main a sha256:1 none']],
      [
        'the same on another branch is another release',
        {},
        { branch: 'release/1' },
        ['1 main a sha256:1 none', '2 release/1 a sha256:1 none'],
      ],
      [
        'a run file at another place with the same content is no other release',
        { file: runFile('one') },
        { file: runFile('one', { path: 'x.yaml' }) },
        ['1 main a sha256:1 one'],
      ],
    ])('%s', async (_, first, second, expected) => {
      await build(under.store, first);
      await build(under.store, second);
      expect(await list(under.store)).toEqual(expected);
    });

    test('is compared with the newest release of its branch alone', async () => {
      for (const digest of ['sha256:1', 'sha256:2', 'sha256:1']) await build(under.store, { digest });
      expect(await list(under.store)).toEqual([
        '1 main a sha256:1 none',
        '2 main a sha256:2 none',
        '3 main a sha256:1 none',
      ]);
    });

    test('counts for its service alone', async () => {
      await build(under.store);
      await build(under.store, { service: 'other' });
      expect(await list(under.store, 'other')).toEqual(['1 main a sha256:1 none']);
    });
  });

  describe('a skip', () => {
    test('with another run file makes a release without a build', async () => {
      const { store } = under;
      const made = await build(store);
      await skip(store, released(made, { file: runFile('one') }));
      expect(await list(store)).toEqual(['1 main a sha256:1 none', '2 main b sha256:1 one']);
      expect(await store.releases.get('app', 2)).toMatchObject({ buildId: made.id, createdAt: 7000 });
    });

    test('makes a release again where a run file changes back', async () => {
      const { store } = under;
      const made = await build(store);
      await skip(store, released(made, { file: runFile('one') }));
      await skip(store, released(made, { commit: head('c') }));
      expect(await list(store)).toHaveLength(3);
    });

    test('with the same run file is covered', async () => {
      const { store } = under;
      const made = await build(store);
      await skip(store, released(made));
      await skip(store, released(made, { commit: head('c') }));
      expect(await list(store)).toEqual(['1 main a sha256:1 none']);
      expect(await Promise.all(['a', 'b', 'c', 'd'].map((one) => covering(store, head(one))))).toEqual([1, 1, 1, null]);
      expect(await covering(store, head('b'), 'release/1')).toBeNull();
    });

    test('makes none of an image that is no longer the baseline', async () => {
      const { store } = under;
      const made = await build(store);
      await build(store, { digest: 'sha256:2' });
      await skip(store, released(made, { file: runFile('one') }));
      expect(await list(store)).toEqual(['1 main a sha256:1 none', '2 main a sha256:2 none']);
    });

    test('is compared with releases of heads alone', async () => {
      const { store } = under;
      const made = await build(store);
      await build(store, { commit: head('0'), digest: 'sha256:0', wasHead: false });
      await skip(store, released(made));
      expect(await list(store)).toEqual(['1 main a sha256:1 none', '2 main 0 sha256:0 none']);
      expect(await covering(store, head('b'))).toBe(1);
      expect((await store.releases.newest('app', 'main'))?.number).toBe(1);
    });

    test('of thousands of services is recorded together', async () => {
      const { store } = under;
      const made = await build(store);
      const services = Array.from({ length: 1201 }, (_, n) => `service-${n}`);
      const [first = ''] = services;
      const ofFirst = await build(store, { service: first });
      const others = services.slice(1).map((service) => ({ ...released(made), service }));
      await skip(store, released(ofFirst, { file: runFile('one') }), ...others);
      expect(await list(store, first)).toEqual(['1 main a sha256:1 none', '2 main b sha256:1 one']);
      expect(await list(store, 'service-7')).toEqual([]);
    });
  });

  test('an equal image of the head makes the release of an older commit one of the head', async () => {
    const { store } = under;
    await build(store, { wasHead: false });
    expect(await store.releases.newest('app', 'main')).toBeNull();
    await build(store, { commit: head('b') });
    expect(await list(store)).toHaveLength(1);
    expect((await store.releases.newest('app', 'main'))?.number).toBe(1);
  });

  test('the newest release that covers a commit is given', async () => {
    const { store } = under;
    await build(store);
    const rebuilt = await build(store, { digest: 'sha256:2' });
    expect(await covering(store, head('a'))).toBe(2);
    await skip(store, released(rebuilt, { digest: 'sha256:2' }));
    await skip(store, released(rebuilt, { digest: 'sha256:2', file: runFile('one') }));
    expect(await covering(store, head('b'))).toBe(3);
  });

  test('releases come in pages, newest first', async () => {
    const { store } = under;
    for (let digest = 1; digest <= 5; digest += 1) await build(store, { digest: `sha256:${digest}` });
    const first = await store.releases.page({ service: 'app', limit: 2, cursor: null });
    expect(first.items.map(({ number }) => number)).toEqual([5, 4]);
    const second = await store.releases.page({ service: 'app', limit: 2, cursor: first.nextCursor });
    expect(second.items.map(({ number }) => number)).toEqual([3, 2]);
    const last = await store.releases.page({ service: 'app', limit: 2, cursor: second.nextCursor });
    expect([last.items.map(({ number }) => number), last.nextCursor]).toEqual([[1], null]);
  });

  describe('adopting', () => {
    test('does nothing for a branch that has a release, unless any difference counts', async () => {
      const { store } = under;
      const made = await build(store, { service: 'other' });
      await store.releases.adopt(released(made, { file: runFile('one') }), 9000, true);
      expect(await list(store, 'other')).toEqual(['1 main a sha256:1 none']);
      await store.releases.adopt(released(made, { file: runFile('one') }), 9000, false);
      await store.releases.adopt(released(made, { file: runFile('one') }), 9001, false);
      expect(await list(store, 'other')).toEqual(['1 main a sha256:1 none', '2 main b sha256:1 one']);
    });
  });

  describe('a release that the database has lost', () => {
    const lost = {
      service: 'app',
      branch: 'main',
      commit: head('c'),
      image: image('sha256:6'),
      runFile: runFile('six'),
    };

    test('is made again under its number, and new numbers are higher', async () => {
      const { store } = under;
      await build(store);
      expect(await store.releases.restore({ ...lost, number: 6 }, 9000)).toBe(6);
      expect(await store.releases.get('app', 6)).toMatchObject({
        commit: head('c'),
        runFileHash: 'six',
        buildId: null,
      });
      expect((await store.releases.newestOfDigest('app', 'sha256:6'))?.number).toBe(6);
      // It is no head of its branch, for nobody knows that.
      expect((await store.releases.newest('app', 'main'))?.number).toBe(1);
      await build(store, { commit: head('d'), digest: 'sha256:7' });
      expect(await list(store)).toEqual(['1 main a sha256:1 none', '6 main c sha256:6 six', '7 main d sha256:7 none']);
    });

    test('is not made if its number has one, and may get a new number', async () => {
      const { store } = under;
      await build(store);
      expect(await store.releases.restore({ ...lost, number: 1 }, 9000)).toBeNull();
      expect(await list(store)).toEqual(['1 main a sha256:1 none']);
      expect(await store.releases.restore({ ...lost, number: null }, 9000)).toBe(2);
    });

    test('makes new numbers higher as soon as it was seen', async () => {
      const { store } = under;
      await store.releases.numberSeen('app', 6);
      await store.releases.numberSeen('app', 4);
      await build(store);
      expect(await list(store)).toEqual(['7 main a sha256:1 none']);
    });
  });

  test('texts that nobody stored are not known, and no run file has none', async () => {
    expect(await under.store.releases.texts('unknown')).toBeNull();
    expect(await under.store.releases.texts('none')).toEqual([]);
  });

  test('what was covered long ago is forgotten, but for the newest of each branch and the releases themselves', async () => {
    const { store } = under;
    const made = await build(store);
    for (const commit of ['b', 'c', 'd']) await skip(store, released(made, { commit: head(commit) }));
    await store.housekeeping.forgetDecisions(7001);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((one) => covering(store, head(one))))).toEqual([
      1,
      null,
      null,
      1,
    ]);
    await store.housekeeping.forgetDecisions(6999);
  });
}
