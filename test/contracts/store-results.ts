import { storeForEachTest, type OpenStore } from './store-harness.js';
import {
  artifact,
  begin,
  head,
  image,
  knownImage,
  look,
  newBuild,
  queue,
  succeed,
  success,
  tag,
} from './store-samples.js';

export function artifactContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('an artifact reads back as it was given', async () => {
    await under.store.artifacts.add(artifact('a1', { version: null }));
    expect(await under.store.artifacts.get('a1')).toEqual(artifact('a1', { version: null }));
    expect(await under.store.artifacts.get('a2')).toBeNull();
  });

  test('the commits with artifacts are those of the service, on any branch', async () => {
    const { artifacts } = under.store;
    await artifacts.add(artifact('a1', { commit: head('a') }));
    await artifacts.add(artifact('a2', { commit: head('a') }));
    await artifacts.add(artifact('b1', { commit: head('b'), branch: 'release/1' }));
    expect([...(await artifacts.commits('app'))].sort()).toEqual([head('a'), head('b')]);
    expect((await artifacts.commits('other')).size).toBe(0);
  });

  test('the artifact of a commit is the one that came last, whatever its branch', async () => {
    const { artifacts } = under.store;
    await artifacts.add(artifact('a1', { commit: head('a') }));
    await artifacts.add(artifact('a2', { commit: head('a'), branch: 'release/1' }));
    await artifacts.add(artifact('a3', { commit: head('b') }));
    expect((await artifacts.ofCommit('app', head('a')))?.id).toBe('a2');
    expect(await artifacts.ofCommit('other', head('a'))).toBeNull();
    expect(await artifacts.ofCommit('app', head('c'))).toBeNull();
  });

  test('old artifacts are listed, and those are removed that no unfinished build needs', async () => {
    const { store } = under;
    const ids = ['needed', 'ended', 'old', 'young'];
    for (const id of ids) await store.artifacts.add(artifact(id, { receivedAt: id === 'young' ? 900 : 100 }));
    const many = Array.from({ length: 1200 }, (_, n) => `unknown-${n}`);
    expect((await store.artifacts.olderThan(900)).map(({ id }) => id).sort()).toEqual(['ended', 'needed', 'old']);
    await queue(store, newBuild({ artifactId: 'needed', forced: true }));
    const ended = newBuild({ artifactId: 'ended', forced: true });
    await queue(store, ended);
    await store.housekeeping.cancel(ended.id, 1);
    const removed = await store.artifacts.remove(['needed', ...many, 'ended', 'old']);
    expect(removed.map(({ id }) => id).sort()).toEqual(['ended', 'old']);
    expect(await store.artifacts.get('old')).toBeNull();
    expect(await store.artifacts.get('young')).not.toBeNull();
    expect(await store.artifacts.remove([])).toEqual([]);
  });
}

export function imageContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('the end of a build makes its image known, by service and fingerprint, newest first', async () => {
    const { store } = under;
    const [older, newer, other] = [newBuild(), newBuild({ commit: head('b') }), newBuild({ service: 'other' })];
    await succeed(store, older, 100, true, 'fingerprint-1');
    await succeed(store, newer, 200, true, 'fingerprint-1');
    await succeed(store, other, 300, true, 'fingerprint-1');
    await succeed(store, newBuild({ commit: head('c') }), 400, true, 'fingerprint-2');
    expect(await store.images.withFingerprint('app', 'fingerprint-1')).toEqual([
      knownImage(newer.id, { builtAt: 210 }),
      knownImage(older.id, { builtAt: 110 }),
    ]);
    expect(await store.images.withFingerprint('other', 'fingerprint-1')).toEqual([
      knownImage(other.id, { service: 'other', builtAt: 310 }),
    ]);
    expect(await store.images.withFingerprint('app', 'nothing')).toEqual([]);
  });

  test('an end that comes too late makes nothing known', async () => {
    const { store } = under;
    const build = newBuild();
    const attempt = await begin(store, build);
    await store.queue.finish(attempt, { status: 'canceled' }, 1, []);
    await store.queue.finish(attempt, success(image(), 'fingerprint-1'), 2, []);
    expect(await store.images.withFingerprint('app', 'fingerprint-1')).toEqual([]);
  });

  test('an end that cannot be stored whole makes nothing known, and ends nothing', async () => {
    const { store } = under;
    const build = newBuild();
    const attempt = await begin(store, build);
    const broken = { ...look(), dueAt: 0.5 };
    const end = store.queue.finish(attempt, success(image(), 'fingerprint-1'), 2, [broken]);
    await expect(end).rejects.toMatchObject({ code: 'internal' });
    expect(await store.images.withFingerprint('app', 'fingerprint-1')).toEqual([]);
    expect(await store.builds.get(build.id)).toMatchObject({ status: 'running', image: null });
  });
}

export function tagContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('a tag reads back as it was put, and putting it again replaces it', async () => {
    const { tags } = under.store;
    await tags.put(tag('1.0-1-aaaaaaa', { digest: null }));
    expect(await tags.get('app', '1.0-1-aaaaaaa')).toEqual(tag('1.0-1-aaaaaaa', { digest: null }));
    const moved = tag('1.0-1-aaaaaaa', { kind: 'git-tag', owner: 'v1', digest: 'sha256:2', commit: head('b') });
    await tags.put(moved);
    expect(await tags.get('app', '1.0-1-aaaaaaa')).toEqual(moved);
    expect(await tags.get('other', '1.0-1-aaaaaaa')).toBeNull();
  });

  test('a branch finds the tag that it owns, by kind', async () => {
    const { tags } = under.store;
    await tags.put(tag('release-1.0', { kind: 'branch', owner: 'release/1.0' }));
    await tags.put(tag('release-1.0-x', { kind: 'git-tag', owner: 'release/1.0' }));
    expect(await tags.ownedBy('app', 'branch', 'release/1.0')).toMatchObject({ tag: 'release-1.0' });
    expect(await tags.ownedBy('app', 'branch', 'release-1.0')).toBeNull();
    expect(await tags.ownedBy('other', 'branch', 'release/1.0')).toBeNull();
  });

  test('of several tags of one owner the one put first last is given', async () => {
    await under.store.tags.put(tag('1.0-1-aaaaaaa'));
    await under.store.tags.put(tag('1.0-1-aaaaaaa-r2'));
    expect(await under.store.tags.ownedBy('app', 'version', head('a'))).toMatchObject({ tag: '1.0-1-aaaaaaa-r2' });
  });

  test('a name that is given up belongs to nobody', async () => {
    await under.store.tags.put(tag('main', { kind: 'branch', owner: 'main' }));
    await under.store.tags.release('app', 'main');
    expect(await under.store.tags.get('app', 'main')).toBeNull();
  });

  test('all tags that point at a digest are found', async () => {
    await under.store.tags.put(tag('1.0'));
    await under.store.tags.put(tag('main', { kind: 'branch', owner: 'main' }));
    await under.store.tags.put(tag('2.0', { digest: 'sha256:2' }));
    await under.store.tags.put(tag('1.0', { repository: 'other' }));
    expect((await under.store.tags.pointingAt('app', 'sha256:1')).map((row) => row.tag)).toEqual(['1.0', 'main']);
  });
}
