import { createImageEntrypoint } from '../../../../src/operations/deploy/image-entrypoint.js';
import type { Manifest, Registry } from '../../../../src/registry/contract.js';
import { createFakeRegistry, type FakeRegistry } from '../../../support/fake-registry.js';
import { manualClock } from '../../../support/manual-clock.js';
import { tinyImage } from '../../../support/tiny-image.js';

const host = 'registry.test:5000';
const clock = manualClock();
let registry: FakeRegistry;
beforeEach(() => {
  registry = createFakeRegistry(host);
});

const more = { Entrypoint: ['/init', 'app'] };
const upload = (content = 'one') => `${host}/abc/app@${registry.upload('abc/app', 'main', content, more).digest}`;
const known = { entrypoint: ['/init', 'app'] };

test('an image is asked for once, by however many', async () => {
  const [entrypoint, image] = [createImageEntrypoint({ registry, clock }), upload()];
  expect(await Promise.all([entrypoint(image), entrypoint(image)])).toEqual([known, known]);
  expect(await entrypoint(image)).toEqual(known);
  expect(registry.transcript).toHaveLength(2);
  expect(clock.sleeping).toEqual([]);
});

test('what failed is asked for again', async () => {
  const [entrypoint, image] = [createImageEntrypoint({ registry, clock }), upload()];
  registry.fail('config', 'registry-unavailable');
  expect([await entrypoint(image), await entrypoint(image)]).toEqual([null, known]);
});

const digest = `sha256:${'0'.repeat(64)}`;
test.each([
  ['that is gone', `${host}/abc/app@${digest}`, 1],
  ['of another registry', `elsewhere.test/abc/app@${digest}`, 0],
  ['of a registry whose name begins alike', `${host}0/abc/app@${digest}`, 0],
  ['without a digest', `${host}/abc/app:main`, 0],
  ['that is no image', 'No Image', 0],
])('nothing is known of one %s', async (_, image, asked) => {
  const entrypoint = createImageEntrypoint({ registry, clock });
  expect(await entrypoint(image)).toBeNull();
  expect(registry.transcript).toHaveLength(asked);
});

test('nothing is known of an index', async () => {
  const index: Manifest = { ...tinyImage('one').manifest, digest, configDigest: null };
  registry.push('abc/app', 'main', index);
  expect(await createImageEntrypoint({ registry, clock })(`${host}/abc/app@${digest}`)).toBeNull();
});

test('nobody waits for more than two seconds, and only some ask a registry that does not answer', async () => {
  const answers: (() => void)[] = [];
  const slow: Pick<Registry, 'host' | 'manifest' | 'config'> = {
    ...{ host, config: (...given) => registry.config(...given) },
    manifest: async (...given) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return registry.manifest(...given);
    },
  };
  const entrypoint = createImageEntrypoint({ registry: slow, clock });
  const images = Array.from({ length: 80 }, (_, number) => upload(String(number)));
  const asked = images.map(entrypoint);
  await Promise.all(asked.slice(64));
  expect(answers).toHaveLength(64);
  clock.advance(1_999);
  expect(clock.sleeping).toHaveLength(64);
  clock.advance(1);
  expect(new Set(await Promise.all(asked))).toEqual(new Set([null]));
  // They come too late, and count the next time.
  for (const answer of answers) answer();
  const [first = ''] = images;
  await new Promise(setImmediate);
  expect(await entrypoint(first)).toEqual(known);
  expect(answers).toHaveLength(64);
});
