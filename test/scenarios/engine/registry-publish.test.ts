import type { Engine } from '../../../src/engine/contract.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import { publish } from '../../../src/pipeline/publish/publish.js';
import { reuse } from '../../../src/pipeline/publish/reuse.js';
import type { Registry } from '../../../src/registry/contract.js';
import { createRegistry } from '../../../src/registry/registry.js';
import { Secret } from '../../../src/secret.js';
import { buildRequest, engineHost, never, realClock } from '../../support/engine.js';
import { keptLog } from '../../support/kept-log.js';
import { registryUser, startRegistry, type RunningRegistry } from '../../support/registry.js';
import { openTempStore, type TempStore } from '../../support/store.js';

describe('publishing from a real engine to a real registry', () => {
  const repository = 'abc/app';
  const main = { name: 'main', wanted: 'main' };
  let running: RunningRegistry;
  let registry: Registry;
  let engine: Engine;
  let temp: TempStore;

  beforeAll(async () => {
    running = await startRegistry(registryUser);
    const { host } = running;
    const { username, password } = registryUser;
    const common = { clock: realClock, log: keptLog() };
    registry = createRegistry({ host, username, password: new Secret(password), insecure: false, ...common });
    engine = createEngine({ host: engineHost(), tls: null, credentials: { host, username, password }, ...common });
    temp = await openTempStore();
  });
  afterAll(async () => {
    for (const tag of ['new', '1.0-1-0000001', '1.0-1-0000001-r2'])
      await engine.images.remove(`${running.host}/${repository}:${tag}`);
    await temp.close();
    await running.close();
  });

  const build = (content: string) =>
    engine.builder.build(
      buildRequest(
        { Dockerfile: 'FROM scratch\nCOPY file /', file: content },
        { tag: `${running.host}/${repository}:new` },
      ),
      () => undefined,
      never,
    );
  const publishAs = (imageId: string, versionTag: string) =>
    publish(
      { registry, tags: temp.store.tags, images: engine.images },
      {
        repository,
        imageId,
        versionTag,
        tagLookup: { foundFree: async () => false },
        commit: 'c1',
        branch: main,
        gitTag: null,
        onLine: () => {},
        signal: never,
      },
    );

  test('pushes once, gives other content a revision, and retags without the engine', async () => {
    const { imageId } = await build('one');
    const first = await publishAs(imageId, '1.0-1-0000001');
    expect(first.image.tags).toEqual(['1.0-1-0000001', 'main']);
    expect((await registry.manifest(repository, 'main'))?.digest).toBe(first.image.digest);
    expect((await publishAs(imageId, '1.0-1-0000001')).image).toEqual(first.image);

    const other = await publishAs((await build('two')).imageId, '1.0-1-0000001');
    expect(other.image.tags).toEqual(['1.0-1-0000001-r2', 'main']);
    expect((await registry.manifest(repository, '1.0-1-0000001'))?.digest).toBe(first.image.digest);

    const manifest = await registry.manifest(repository, first.image.digest);
    if (manifest === null) throw new Error('The image is not there.');
    const again = await reuse(
      { registry, tags: temp.store.tags },
      {
        repository,
        manifest,
        versionTag: '1.0-2-0000002',
        tagLookup: { foundFree: async () => false },
        commit: 'c2',
        branch: main,
        gitTag: { name: 'v1.0', wanted: '1.0' },
        signal: new AbortController().signal,
      },
    );
    expect(again.image).toEqual({ ...first.image, tags: ['1.0-2-0000002', '1.0', 'main'] });
    expect([...(await registry.tags(repository))].sort()).toEqual([
      '1.0',
      '1.0-1-0000001',
      '1.0-1-0000001-r2',
      '1.0-2-0000002',
      'main',
    ]);
  });
});
