import type { Builder, BuildRequest } from '../../../../src/engine/contract.js';
import { withTakeOver } from '../../../../src/engine/docker/take-over.js';
import { SlipwayError } from '../../../../src/errors.js';
import { buildRequest, never } from '../../../support/engine.js';

const cacheFrom = 'registry.test/app:main';

/** A builder whose builds end when told, and what the engine is asked for. */
function surroundings() {
  const begun: BuildRequest[] = [];
  const removed: string[] = [];
  const ends: ((imageId: string) => void)[] = [];
  const builder: Builder = {
    build: (request) => {
      begun.push(request);
      return new Promise((resolve) => ends.push((imageId) => resolve({ imageId })));
    },
  };
  const made = (find: () => Promise<string | null>) =>
    withTakeOver(builder, { find, remove: async (name) => void removed.push(name) });
  return { begun, removed, ends, made };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const request = buildRequest({}, { cacheFrom });
const build = (builder: Builder, what = request) => builder.build(what, () => undefined, never);

describe('a builder that takes layers over', () => {
  test('begins to build before it knows whether the engine has the image', async () => {
    const { begun, ends, made } = surroundings();
    let found: (id: string) => void = () => undefined;
    const building = build(made(() => new Promise((resolve) => (found = resolve))));
    await turn();
    expect(begun).toEqual([request]);
    found('sha256:main');
    ends[0]?.('sha256:1');
    await expect(building).resolves.toEqual({ imageId: 'sha256:1' });
    expect(begun).toHaveLength(1);
  });

  test.each([
    ['the engine does not have', async () => null],
    ['cannot be looked for', () => Promise.reject(new SlipwayError('engine-unavailable', 'no answer'))],
  ])('builds once more where the image that the layers are of %s', async (_what, find) => {
    const { begun, ends, removed, made } = surroundings();
    const building = build(made(find));
    await turn();
    ends[0]?.('sha256:1');
    await turn();
    expect(begun).toEqual([request, { ...request, cacheFrom: null }]);
    ends[1]?.('sha256:2');
    await expect(building).resolves.toEqual({ imageId: 'sha256:2' });
    expect(removed).toEqual(['sha256:1']);
  });

  test('looks for nothing if there is nothing to take over', async () => {
    const { ends, made } = surroundings();
    const find = () => Promise.reject(new Error('it was looked for'));
    const building = build(made(find), { ...request, cacheFrom: null });
    await turn();
    ends[0]?.('sha256:1');
    await expect(building).resolves.toEqual({ imageId: 'sha256:1' });
  });

  test('fails as the build does, whatever becomes of the look', async () => {
    const builder: Builder = { build: () => Promise.reject(new SlipwayError('dockerfile-invalid', 'RUMM')) };
    const find = () => Promise.reject(new SlipwayError('engine-unavailable', 'no answer'));
    const building = build(withTakeOver(builder, { find, remove: async () => undefined }));
    await expect(building).rejects.toMatchObject({ code: 'dockerfile-invalid' });
    await turn();
  });
});
