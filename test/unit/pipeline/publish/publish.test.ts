import { publish, type PublishRequest } from '../../../../src/pipeline/publish/publish.js';
import { hashedTag } from '../../../../src/tag-name.js';
import { digestOf, idOf, row, surroundings, watched, type Surroundings } from './surroundings.js';

const repository = 'abc/app';
const versionTag = '1.0.1-22-7e56158';
const main = { name: 'main', wanted: 'main' };

const request = (content: string, more: Partial<PublishRequest> = {}): PublishRequest => ({
  repository,
  imageId: idOf(content),
  versionTag,
  tagLookup: { foundFree: async () => false },
  commit: 'c1',
  branch: main,
  gitTag: null,
  onLine: () => {},
  signal: new AbortController().signal,
  ...more,
});

describe('publishing an image', () => {
  let around: Surroundings;
  beforeEach(async () => {
    around = await surroundings(['new', 'other']);
  });
  afterEach(() => around.close());

  const places = () => ({ registry: around.registry, tags: around.store.tags });
  const run = (content: string, more: Partial<PublishRequest> = {}) =>
    publish({ ...places(), images: around.images }, request(content, more));

  test('pushes it under its version tag, adds the branch’s, and gives the digest that the registry has', async () => {
    const lines: string[] = [];
    const { image, done } = await run('new', { onLine: (line) => lines.push(line) });
    expect(image).toEqual({ repository, digest: digestOf('new'), tags: [versionTag, 'main'] });
    expect(around.registry.state(repository)).toEqual({ [versionTag]: digestOf('new'), main: digestOf('new') });
    expect(lines).toEqual([`pushed registry.test:5000/abc/app:${versionTag}`]);
    expect(done).toEqual([
      `Pushed abc/app:${versionTag} (${digestOf('new')}).`,
      'Tagged abc/app:main for branch main.',
    ]);
  });

  test('records who owns each tag, and what it names', async () => {
    await run('new', { gitTag: { name: 'v1.2.3', wanted: '1.2.3' } });
    const { tags } = around.store;
    const digest = digestOf('new');
    await expect(tags.get(repository, versionTag)).resolves.toMatchObject({ kind: 'version', owner: 'c1', digest });
    await expect(tags.get(repository, 'main')).resolves.toMatchObject({ kind: 'branch', owner: 'main', digest });
    await expect(tags.get(repository, '1.2.3')).resolves.toMatchObject({
      kind: 'git-tag',
      owner: 'v1.2.3',
      commit: 'c1',
      digest,
    });
  });

  test('leaves the branch tag alone where the commit was not head', async () => {
    const { image } = await run('new', { branch: null });
    expect(image.tags).toEqual([versionTag]);
    expect(Object.keys(around.registry.state(repository))).toEqual([versionTag]);
  });

  test('does not push what the registry has already', async () => {
    await run('new');
    await expect(run('new')).resolves.toMatchObject({ image: { tags: [versionTag, 'main'] } });
    expect(around.images.pushes).toHaveLength(1);
  });

  test('never changes what a version tag holds: other content gets a revision', async () => {
    await run('new');
    const { image, done } = await run('other');
    expect(image.tags).toEqual([`${versionTag}-r2`, 'main']);
    expect(around.registry.state(repository)).toEqual({
      [versionTag]: digestOf('new'),
      [`${versionTag}-r2`]: digestOf('other'),
      main: digestOf('other'),
    });
    expect(done[0]).toBe(`${versionTag} is written with other content: the tag is ${versionTag}-r2.`);
  });

  test('leaves a git tag’s image tag as it is where it holds another image', async () => {
    const gitTag = { name: 'v1.2.3', wanted: '1.2.3' };
    await run('new', { branch: null, gitTag });
    const { image, done } = await run('other', { branch: null, gitTag });
    expect(image.tags).toEqual([`${versionTag}-r2`]);
    expect(around.registry.state(repository)['1.2.3']).toBe(digestOf('new'));
    expect(done.at(-1)).toBe('Left abc/app:1.2.3 as it is: it is written only once and holds another image.');
  });

  test('takes images that the engine knows by the digest of their manifest', async () => {
    around.registry.upload(repository, versionTag, 'new');
    await expect(run('new', { imageId: digestOf('new') })).resolves.toMatchObject({
      image: { digest: digestOf('new') },
    });
  });

  test.each([
    ['nothing', () => {}],
    ['another image', () => around.registry.upload(repository, versionTag, 'other')],
  ])('is digest-mismatch where the registry holds %s after the push', async (_what, happens) => {
    const images = { ...around.images, push: async () => void happens() };
    await expect(publish({ ...places(), images }, request('new'))).rejects.toMatchObject({ code: 'digest-mismatch' });
    await expect(around.store.tags.get(repository, versionTag)).resolves.toBeNull();
  });

  test('fails by the registry’s code, and goes on where it stopped when the registry is back', async () => {
    around.registry.fail('putTag', 'registry-unavailable');
    await expect(run('new')).rejects.toMatchObject({ code: 'registry-unavailable' });
    await expect(run('new')).resolves.toMatchObject({ image: { tags: [versionTag, 'main'] } });
    expect(around.images.pushes).toHaveLength(1);
  });

  test('pushes nothing once the signal aborts', async () => {
    const signal = AbortSignal.abort(new Error('canceled'));
    await expect(run('new', { signal })).rejects.toThrow('canceled');
    expect(around.images.pushes).toEqual([]);
  });
});

describe('publishing that is cut off anywhere and repeated', () => {
  const gitTag = { name: 'v1.2.3', wanted: '1.2.3' };
  let around: Surroundings;
  beforeEach(async () => {
    around = await surroundings(['new']);
  });
  afterEach(() => around.close());

  /** Publishes where a branch is called like the git tag, cut off before or after that step (0: never), and then once more. */
  async function cutOffAt(crash: number): Promise<{ steps: number; result: object }> {
    const { registry, images } = around;
    const { tags } = around.store;
    const where = `abc/app-${crash}`;
    registry.upload(where, '1.2.3', 'branch');
    await tags.put({ ...row('1.2.3', 'branch', '1.2.3', 'branch'), repository: where });
    let steps = 0;
    const step = (): void => {
      steps += 1;
      if (steps === crash) throw new Error('cut off');
    };
    const cut = { registry: watched(registry, step), tags: watched(tags, step), images: watched(images, step) };
    const order = request('new', { repository: where, gitTag });
    const first = await publish(cut, order).catch(() => 'cut off');
    if (crash > 0) expect(first).toBe('cut off');
    const { image } = await publish({ registry, tags, images }, order);
    const state = registry.state(where);
    const rows = await Promise.all(
      Object.keys(state)
        .sort()
        .map((tag) => tags.get(where, tag)),
    );
    return { steps, result: { tags: image.tags, state, rows: rows.map((one) => ({ ...one, repository: '' })) } };
  }

  test('ends as it does undisturbed', async () => {
    const { steps, result } = await cutOffAt(0);
    const digest = digestOf('new');
    expect(result).toMatchObject({
      tags: [versionTag, '1.2.3', 'main'],
      state: { [versionTag]: digest, '1.2.3': digest, main: digest, [hashedTag('1.2.3', '1.2.3')]: digestOf('branch') },
    });
    expect(steps).toBeGreaterThan(30);
    for (let crash = 1; crash <= steps; crash += 1) {
      expect({ crash, result: (await cutOffAt(crash)).result }).toEqual({ crash, result });
    }
  });
});
