import { startTagLookup } from '../../../../src/pipeline/publish/tag-lookup.js';
import type { Registry } from '../../../../src/registry/contract.js';
import { manualClock } from '../../../support/manual-clock.js';
import { row, surroundings, type Surroundings } from './surroundings.js';

const repository = 'abc/app';
const tag = '1.0.1-22-7e56158';

describe('an early look at the name of a version tag', () => {
  let around: Surroundings;
  const clock = manualClock();
  beforeEach(async () => {
    around = await surroundings([]);
  });
  afterEach(() => around.close());

  const look = (registry: Registry = around.registry) =>
    startTagLookup({ registry, tags: around.store.tags, clock }, { repository, tag });
  const begun = (registry?: Registry) => {
    const tagLookup = look(registry);
    tagLookup.begin();
    return tagLookup;
  };
  /** A registry that does not answer. */
  const silent = (): Registry => ({ ...around.registry, manifest: () => new Promise(() => undefined) });

  test('finds a name free that nobody has', async () => {
    await expect(begun().foundFree()).resolves.toBe(true);
    expect(clock.sleeping).toEqual([]);
  });

  test('finds nothing if it was not begun', async () => {
    await expect(look().foundFree()).resolves.toBe(false);
    expect(around.registry.transcript).toEqual([]);
  });

  test('is one look, however often it is begun', async () => {
    const tagLookup = begun();
    tagLookup.begin();
    await tagLookup.foundFree();
    expect(around.registry.transcript).toEqual([`manifest ${repository}:${tag}`]);
  });

  test('does not find a name free that the registry holds', async () => {
    around.registry.upload(repository, tag, 'other');
    await expect(begun().foundFree()).resolves.toBe(false);
  });

  test.each(['version', 'git-tag', 'branch'] as const)('leaves a name that has a row (%s) as it is', async (kind) => {
    await around.store.tags.put(row(tag, kind, 'somebody'));
    await expect(begun().foundFree()).resolves.toBe(false);
    await expect(around.store.tags.get(repository, tag)).resolves.toEqual(row(tag, kind, 'somebody'));
    expect(around.registry.state(repository)).toEqual({});
  });

  test.each([
    ['the registry', async () => around.registry.fail('manifest', 'registry-unavailable')],
    ['the store', () => around.store.housekeeping.close()],
  ])('finds nothing if %s fails, and tells nobody of that', async (_name, fails) => {
    await fails();
    const tagLookup = begun();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(tagLookup.foundFree()).resolves.toBe(false);
  });

  test('finds nothing once it is a second old', async () => {
    const tagLookup = begun();
    clock.advance(1_000);
    await expect(tagLookup.foundFree()).resolves.toBe(false);
  });

  test('is not waited for longer than that', async () => {
    const tagLookup = begun(silent());
    clock.advance(900);
    const found = tagLookup.foundFree();
    expect(clock.sleeping).toEqual([100]);
    clock.advance(100);
    await expect(found).resolves.toBe(false);
  });
});
