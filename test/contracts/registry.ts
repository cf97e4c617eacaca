import type { Manifest, Registry } from '../../src/registry/contract.js';
import { tinyImage } from '../support/tiny-image.js';

/** A registry to be tested, and what is done to it behind its back. */
export interface RegistryUnderTest {
  readonly registry: Registry;
  /** Pushes the tiny image of that content, as an engine would, with further settings for its containers. */
  upload(repository: string, tag: string, content: string, more?: object): Promise<Manifest>;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** What every Registry does; `create` makes an empty one. */
export function registryContract(kind: string, create: () => Promise<RegistryUnderTest>): void {
  describe(`a registry, ${kind}`, () => {
    let under: RegistryUnderTest;
    let registry: Registry;
    let repository: string;
    let number = 0;

    beforeAll(async () => {
      under = await create();
      registry = under.registry;
    });
    beforeEach(() => {
      number += 1;
      repository = `team/app-${number}`;
    });
    afterAll(() => under.close());

    const absent = `sha256:${'0'.repeat(64)}`;
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'no error',
        (error: { code: string }) => error.code,
      );

    test('answers a ping', async () => {
      await expect(registry.ping()).resolves.toBeUndefined();
    });

    test('says the time', async () => {
      expect(Math.abs(Date.now() - Number(await registry.time()))).toBeLessThan(60_000);
    });

    test('shows that an image may be pushed, and keeps nothing of it', async () => {
      await expect(registry.mayPush(repository)).resolves.toBeUndefined();
      await expect(registry.tags(repository)).resolves.toEqual([]);
      expect(await codeOf(registry.mayPush('../other'))).toBe('registry-error');
    });

    test('has no manifest and no tags in a repository that does not exist', async () => {
      await expect(registry.manifest(repository, 'main')).resolves.toBeNull();
      await expect(registry.tags(repository)).resolves.toEqual([]);
    });

    test('has no manifest under a tag or digest that does not exist', async () => {
      await under.upload(repository, 'main', 'first');
      await expect(registry.manifest(repository, 'other')).resolves.toBeNull();
      await expect(registry.manifest(repository, absent)).resolves.toBeNull();
    });

    test('gives a manifest, byte for byte, by tag and by digest', async () => {
      const { manifest } = tinyImage('first');
      await under.upload(repository, 'main', 'first');
      await expect(registry.manifest(repository, 'main')).resolves.toEqual(manifest);
      await expect(registry.manifest(repository, manifest.digest)).resolves.toEqual(manifest);
    });

    test.each([
      ['with words', { Entrypoint: ['/init', 'app'] }, ['/init', 'app']],
      ['without words', { Entrypoint: [] }, null],
      ['that is not there', {}, null],
    ])('gives the entrypoint of an image, %s', async (_how, more, entrypoint) => {
      const { configDigest } = await under.upload(repository, 'main', 'first', more);
      await expect(registry.config(repository, configDigest ?? '')).resolves.toEqual({ entrypoint });
    });

    test('has no configuration of a digest, or of a repository, that does not exist', async () => {
      await expect(registry.config(repository, absent)).resolves.toBeNull();
      const { configDigest } = await under.upload(repository, 'main', 'first');
      await expect(registry.config(repository, absent)).resolves.toBeNull();
      await expect(registry.config(`${repository}-other`, configDigest ?? '')).resolves.toBeNull();
    });

    test('points a further tag at an image that it holds, and says its digest', async () => {
      const manifest = await under.upload(repository, '1.0-1-abcdef0', 'first');
      await expect(registry.putTag(repository, 'main', manifest)).resolves.toBe(manifest.digest);
      expect((await registry.manifest(repository, 'main'))?.digest).toBe(manifest.digest);
      expect([...(await registry.tags(repository))].sort()).toEqual(['1.0-1-abcdef0', 'main']);
    });

    test('moves a tag, and leaves the image that it left reachable by digest', async () => {
      const first = await under.upload(repository, 'main', 'first');
      const second = await under.upload(repository, 'next', 'second');
      await registry.putTag(repository, 'main', second);
      expect((await registry.manifest(repository, 'main'))?.digest).toBe(second.digest);
      expect((await registry.manifest(repository, first.digest))?.digest).toBe(first.digest);
    });

    test('takes the same tag twice', async () => {
      const manifest = await under.upload(repository, 'main', 'first');
      await registry.putTag(repository, 'main', manifest);
      await expect(registry.putTag(repository, 'main', manifest)).resolves.toBe(manifest.digest);
    });

    test('refuses to tag an image that it does not hold', async () => {
      await under.upload(repository, 'main', 'first');
      expect(await codeOf(registry.putTag(repository, 'other', tinyImage('elsewhere').manifest))).toBe(
        'registry-refused',
      );
      await expect(registry.manifest(repository, 'other')).resolves.toBeNull();
    });

    test.each([
      ['repository', () => registry.manifest('Team/App', 'main')],
      ['repository that leaves its folder', () => registry.tags('team/../other')],
      ['tag', () => registry.manifest(repository, 'feature/x')],
      ['tag to put', () => registry.putTag(repository, '-x', tinyImage('first').manifest)],
      ['digest', () => registry.manifest(repository, 'sha256:abc')],
      ['configuration', () => registry.config(repository, 'main')],
      ['configuration’s repository', () => registry.config('../other', absent)],
    ])('refuses the name of a %s that does not fit the grammar', async (_what, work) => {
      expect(await codeOf(work())).toBe('registry-error');
    });

    test('serves many callers side by side', async () => {
      const manifest = await under.upload(repository, 'main', 'first');
      const names = Array.from({ length: 20 }, (_, index) => `tag-${index}`);
      await Promise.all(names.map((name) => registry.putTag(repository, name, manifest)));
      expect(await registry.tags(repository)).toHaveLength(21);
    });

    test('fails with registry-unavailable while it is away, and works when it is back', async () => {
      const manifest = await under.upload(repository, 'main', 'first');
      await under.goAway();
      expect(await codeOf(registry.ping())).toBe('registry-unavailable');
      expect(await codeOf(registry.manifest(repository, 'main'))).toBe('registry-unavailable');
      expect(await codeOf(registry.config(repository, absent))).toBe('registry-unavailable');
      expect(await codeOf(registry.putTag(repository, 'x', manifest))).toBe('registry-unavailable');
      expect(await codeOf(registry.tags(repository))).toBe('registry-unavailable');
      await under.comeBack();
      expect((await registry.manifest(repository, 'main'))?.digest).toBe(manifest.digest);
    });
  });
}
