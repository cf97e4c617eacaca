/** What is the same, byte for byte, whenever and however a tree is built; docs/reproducible.md explains what is not. */
import { randomUUID } from 'node:crypto';
import { createEngine } from '../../../src/engine/docker/engine.js';
import { askedVersion } from '../../support/docker-client.js';
import { buildRequest, contextOf, engineHost, never, realClock, type TestFiles } from '../../support/engine.js';
import { readLayers, type Layer } from '../../support/image-layers.js';
import { keptLog } from '../../support/kept-log.js';

const options = { host: engineHost(), tls: null, credentials: null, clock: realClock, log: keptLog() };
const engines = {
  sync: createEngine({ ...options, transport: 'sync' }),
  archive: createEngine({ ...options, transport: 'archive' }),
};

const copies = ['. /all/', 'a/b/one /one', 'a/b/one /new/folder/', 'a/b /b/'];
const tree: TestFiles = {
  Dockerfile: ['FROM scratch', ...copies.map((words) => `COPY ${words}`)].join('\n'),
  'a/b/one': '1',
  'a/b/two': { content: '#!', mode: '100755' },
  'a/c/three': '3',
  'a/link': { content: 'b', mode: '120000' },
  empty: '',
  [`${'n'.repeat(150)}/é`]: 'a name that needs a header of its own',
};
const other: TestFiles = { ...tree, 'a/b/one': '2', 'a/b/more': 'm', 'a/c/three': { content: 'b', mode: '120000' } };

interface Built {
  readonly imageId: string;
  readonly layers: readonly Layer[];
}

async function build(files: TestFiles, by: 'sync' | 'archive', key: string, noCache = true): Promise<Built> {
  const tag = `slipway.test/reproducible:${by}`;
  const request = buildRequest({}, { context: contextOf(files, key), tag, noCache });
  const { imageId } = await engines[by].builder.build(request, () => undefined, never);
  return { imageId, layers: await readLayers(tag) };
}

/** Entries of a layer, either its folders or all others. */
const bytesOf = ({ bytes, entries }: Layer, folders: boolean) =>
  Object.entries(bytes).filter(([path]) => (entries[path]?.type === 'directory') === folders);
const fixed = Date.UTC(2000, 0, 1) / 1000;

/** Layers keep whole seconds: a build of the next one has other times wherever the engine's clock is used. */
const nextSecond = async (): Promise<void> => {
  for (const second = Math.trunc(Date.now() / 1000); Math.trunc(Date.now() / 1000) === second;)
    await realClock.sleep(20);
};

let first: Built;
let others: readonly (readonly [string, Built])[];
beforeAll(async () => {
  const [key, grown] = [randomUUID(), randomUUID()];
  first = await build(tree, 'sync', key);
  await build(other, 'sync', grown);
  await nextSecond();
  others = [
    ['synced from scratch', await build(tree, 'sync', randomUUID())],
    ['synced over another tree', await build(tree, 'sync', grown)],
    ['synced again', await build(tree, 'sync', key)],
    ['uploaded as an archive', await build(tree, 'archive', key)],
  ];
}, 60_000);
afterAll(async () => {
  for (const by of ['sync', 'archive']) await engines.sync.images.remove(`slipway.test/reproducible:${by}`);
});

describe('the same tree a second later, without any cache', () => {
  test('has files and links with equal bytes, however it came to the engine', () => {
    for (const [, { layers }] of others) {
      expect(layers.map((layer) => bytesOf(layer, false))).toEqual(first.layers.map((layer) => bytesOf(layer, false)));
    }
  });

  test('has its entries in the same order', () => {
    const order = ({ layers }: Built) => layers.map(({ bytes }) => Object.keys(bytes));
    for (const [, built] of others) expect(order(built)).toEqual(order(first));
  });

  test('has folders that differ by their time at most', () => {
    for (const [, { layers }] of others)
      expect(layers.map(({ entries }) => entries)).toEqual(first.layers.map(({ entries }) => entries));
  });

  test('has the same digest for a layer of files alone', () => {
    for (const [, { layers }] of others) expect(layers[1]?.digest).toBe(first.layers[1]?.digest);
  });

  test('has files of 2000-01-01, and of no other time', () => {
    for (const { times, entries } of first.layers) {
      const files = Object.keys(times).filter((path) => entries[path]?.type !== 'directory');
      expect(new Set(files.map((path) => times[path]))).toEqual(new Set([fixed]));
    }
  });

  test("has the engine's time where a COPY makes a folder", () => {
    for (const [, { layers }] of others) {
      for (const [layer, folder] of [
        [2, 'new/folder'],
        // Docker 28 gives these the time of the folder whose content they get.
        ...(askedVersion < 28
          ? ([
              [0, 'all'],
              [3, 'b'],
            ] as const)
          : []),
      ] as const) {
        expect(layers[layer]?.times[folder]).toBeGreaterThan(first.layers[layer]?.times[folder] ?? Infinity);
      }
    }
  });

  test('keeps the times of the folders in the context where it is uploaded, or synced with nothing changed', () => {
    const timesOf = (name: string) => {
      const times = others.find(([one]) => one === name)?.[1].layers[0]?.times ?? {};
      return ['all/a', 'all/a/b', 'all/a/c'].map((path) => times[path]);
    };
    expect(timesOf('uploaded as an archive')).toEqual([fixed, fixed, fixed]);
    expect(timesOf('synced again')).toEqual(
      ['all/a', 'all/a/b', 'all/a/c'].map((path) => first.layers[0]?.times[path]),
    );
  });
});

test.each(['sync', 'archive'] as const)(
  'the same tree is the same image, digest for digest, where the engine has its layers: by %s',
  async (by) => {
    const unseen = { ...tree, 'a/b/one': randomUUID() };
    const before = await build(unseen, by, randomUUID(), false);
    await nextSecond();
    expect((await build(unseen, by, randomUUID(), false)).imageId).toBe(before.imageId);
  },
);
