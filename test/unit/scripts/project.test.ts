import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from '../../../scripts/parts/project.mjs';

const locked = {
  '': { name: 'app' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b': { version: '1.0.0', integrity: 'sha512-b', dev: true },
  'node_modules/elsewhere': { version: '1.0.0', integrity: 'sha512-e', optional: true },
};
const { '': _own, 'node_modules/elsewhere': _elsewhere, ...installed } = locked;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-project-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(there: object | null): Promise<void> {
  if (there) {
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: there }));
    await utimes(join(folder, 'node_modules/.package-lock.json'), 1, 1);
  }
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: locked }));
}

test.each([
  ['are what the lock file names, even if that file is newer', installed, true],
  ['are there without those for development', { 'node_modules/a': locked['node_modules/a'] }, true],
  ['lack one', { 'node_modules/b': locked['node_modules/b'] }, false],
  ['have another version', { ...installed, 'node_modules/a': { version: '2.0.0', integrity: 'sha512-x' } }, false],
  ['were never installed', null, false],
])('packages that %s count accordingly', async (_what, there, expected) => {
  await write(there);
  expect(isInstalled(folder)).toBe(expected);
});
