/** The instance's key is made once, for its owner alone, and nothing else is taken for it. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instanceKey } from '../../../src/server/instance-key.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('it is made once, and stays', async () => {
  const first = await instanceKey(folder);
  expect(first.reveal()).toMatch(/^[0-9a-f]{64}$/);
  expect((await instanceKey(folder)).reveal()).toBe(first.reveal());
  expect(await readFile(join(folder, 'instance.key'), 'utf8')).toBe(`${first.reveal()}\n`);
  expect((await stat(join(folder, 'instance.key'))).mode & 0o777).toBe(0o600);
});

test('each folder has its own', async () => {
  const first = await instanceKey(folder);
  await rm(join(folder, 'instance.key'));
  expect((await instanceKey(folder)).reveal()).not.toBe(first.reveal());
});

test('what a crash left while it was written is not taken', async () => {
  await writeFile(join(folder, 'instance.key.new'), '0');
  expect((await instanceKey(folder)).reveal()).toMatch(/^[0-9a-f]{64}$/);
  expect(await readdir(folder)).toEqual(['instance.key']);
});

test.each(['', 'a', `${'0'.repeat(63)}\n`, 'X'.repeat(64)])('%j is no key, and is not replaced', async (text) => {
  await writeFile(join(folder, 'instance.key'), text);
  await expect(instanceKey(folder)).rejects.toMatchObject({ code: 'invalid-configuration' });
  expect(await readFile(join(folder, 'instance.key'), 'utf8')).toBe(text);
});
