import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileState, pollFile } from '../../../src/config/poll-file.js';
import { until } from '../../support/api-client.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-watch-'));
  file = join(folder, 'slipway.yaml');
  await writeFile(file, 'one');
});
afterEach(() => rm(folder, { recursive: true }));

/** Watches the file; how often it has changed so far. */
function watch(known: string) {
  const stopping = new AbortController();
  let changes = 0;
  pollFile(known)(file, () => (changes += 1), stopping.signal);
  return { changes: () => changes, stop: () => stopping.abort() };
}

const write = () => writeFile(file, 'two of another length');
const replace = async () => {
  await writeFile(`${file}.new`, 'one');
  await rename(`${file}.new`, file);
};

test.each([
  ['is written', write],
  ['is replaced by one of the same length', replace],
  ['is removed', () => rm(file)],
])('a file that %s while it is watched has changed', async (_, change) => {
  const { changes, stop } = watch(await fileState(file));
  await change();
  await until('the change to be seen', async () => changes() > 0).finally(stop);
});

test.each([
  ['written', write],
  ['replaced', replace],
])('a file that was %s after it was read, and before it is watched, has changed', async (_, change) => {
  const state = await fileState(file);
  await change();
  const { changes, stop } = watch(state);
  await until('the change to be seen', async () => changes() > 0).finally(stop);
});

test('a file that stays as it was read has not changed, and an aborted watch says nothing', async () => {
  const { changes, stop } = watch(await fileState(file));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(changes()).toBe(0);
  stop();
  await write();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(changes()).toBe(0);
});
