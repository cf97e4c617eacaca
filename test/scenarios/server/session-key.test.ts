/** The key of sessions is made once, for its owner alone. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browsers } from '../../../src/server/browsers.js';
import { sessionKey } from '../../../src/server/session-key.js';
import { keptLog } from '../../support/kept-log.js';

let folder: string;
let log: ReturnType<typeof keptLog>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-key-'));
  log = keptLog();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, 'session.key');
const read = async () => (await sessionKey(folder, log)).reveal().toString('hex');

test('it is made once, and stays', async () => {
  const first = await read();
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await read()).toBe(first);
  expect(await readFile(file(), 'utf8')).toBe(`${first}\n`);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['session.key']);
  expect(log.lines).toEqual([]);
});

test('each folder has its own', async () => {
  const first = await read();
  await rm(file());
  expect(await read()).not.toBe(first);
});

test.each(['', 'a', `${'0'.repeat(63)}\n`])('%j is no key: there is a new one, and the log says so', async (text) => {
  await writeFile(file(), text);
  const made = await read();
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(log.lines).toEqual([expect.objectContaining({ level: 'warn', bindings: { file: file() } })]);
  expect(await read()).toBe(made);
});

test('the pages are looked for beside the program', async () => {
  const { publicUrl, ui } = await browsers({ dataDir: folder, publicUrl: 'https://images.abc.test' }, log);
  expect(publicUrl).toBe('https://images.abc.test');
  expect(ui).toMatch(/\/src\/ui$/);
});
