/** What a backup holds comes back, and nothing else does. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { Artifact } from '../../../src/model/artifact.js';
import { openStore } from '../../../src/store/open-store.js';
import type { Store } from '../../../src/store/contract.js';
import { deployed, go, specification } from '../../contracts/store-deployment-samples.js';
import { auditEntry, delivery } from '../../contracts/store-samples.js';
import { useCli } from '../../support/cli.js';

jest.setTimeout(90_000);

const cli = useCli();
let folder: string;
let running: Store | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-backup-'));
});
afterEach(async () => {
  await running?.housekeeping.close();
  running = null;
  await rm(folder, { recursive: true, force: true });
});

const at = (...names: string[]) => join(folder, ...names);
const artifact: Artifact = {
  id: 'a1',
  service: 'app',
  branch: 'main',
  commit: 'a'.repeat(40),
  version: null,
  sha256: '0',
  size: 3,
  file: 'artifacts/jar',
  receivedAt: 1,
};

/** A configuration with a data directory of that name. */
async function configOf(dataDir: string): Promise<string> {
  const file = at(`${dataDir}.yaml`);
  const config = {
    server: { dataDir: at(dataDir) },
    github: { webhookSecrets: ['x'.repeat(32)] },
    registry: { host: '127.0.0.1:1' },
    services: { app: { repository: 'abc/app' } },
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** A server's data directory, which stays in use. */
async function serve(dataDir: string): Promise<void> {
  running = await openStore({ dataDir: at(dataDir), logLimit: 1000, clock: { now: () => 4711 } });
  await running.deliveries.accept(delivery('d1'), null);
  await running.artifacts.add(artifact);
  await go(running, 1);
  await running.audit.add(auditEntry());
  await mkdir(at(dataDir, 'artifacts'));
  await writeFile(at(dataDir, 'artifacts', 'jar'), 'jar');
  await writeFile(at(dataDir, 'artifacts', 'half-an-upload'), 'x');
  await writeFile(at(dataDir, 'instance.key'), 'key');
  await writeFile(at(dataDir, 'session.key'), 'key');
}

const run = async (command: string, dataDir: string, file = at('b.tar')) =>
  cli(command, file, '--config', await configOf(dataDir));

test('a backup that is made beside a running server is restored with database, artifacts and key', async () => {
  await serve('old');
  expect(await run('backup', 'old')).toMatchObject({ code: 0, stdout: expect.stringContaining('and 1 artifacts') });
  expect((await stat(at('b.tar'))).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(await run('restore', 'new')).toMatchObject({ code: 0, stderr: '' });
  expect(await readdir(at('new', 'artifacts'))).toEqual(['jar']);
  expect(await readFile(at('new', 'artifacts', 'jar'), 'utf8')).toBe('jar');
  expect(await readFile(at('new', 'instance.key'), 'utf8')).toBe('key');
  expect(await readdir(at('new'))).not.toContain('session.key');
  for (const name of ['slipway.db', 'artifacts/jar', 'instance.key'])
    expect((await stat(at('new', name))).mode & 0o077).toBe(0);
  const restored = await openStore({ dataDir: at('new'), logLimit: 1000, clock: { now: () => 4711 } });
  expect(await restored.deliveries.get('d1')).toEqual(delivery('d1'));
  const desired = await restored.deployments.desired('production', 'app');
  expect(desired).toMatchObject({ release: deployed(1), specification: specification('sha256:1') });
  expect(await restored.deployments.get(desired?.deploymentId ?? '')).toMatchObject({ status: 'succeeded' });
  expect((await restored.audit.page({ limit: 2, cursor: null })).items).toEqual([auditEntry()]);
  await restored.housekeeping.close();
});

test('a backup of a server that has no key yet is restored too', async () => {
  await serve('old');
  await rm(at('old', 'instance.key'));
  expect(await run('backup', 'old')).toMatchObject({ code: 0, stdout: expect.stringContaining('and 1 artifacts') });
  expect(await run('restore', 'new')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 artifacts') });
  expect((await readdir(at('new'))).filter((name) => !name.startsWith('slipway.lock')).sort()).toEqual([
    'artifacts',
    'slipway.db',
  ]);
});

test('a backup overwrites no file, and a restore no data', async () => {
  await serve('old');
  await writeFile(at('b.tar'), 'mine');
  expect(await run('backup', 'old')).toMatchObject({ code: 1, stderr: expect.stringContaining('backup-refused') });
  expect(await readFile(at('b.tar'), 'utf8')).toBe('mine');
  expect(await run('restore', 'old')).toMatchObject({ code: 1, stderr: expect.stringContaining('data-dir-locked') });
  await running?.housekeeping.close();
  running = null;
  expect(await run('restore', 'old')).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
});

test('a file that is no whole backup leaves nothing behind', async () => {
  await serve('old');
  await run('backup', 'old');
  const whole = await readFile(at('b.tar'));
  const changed = Buffer.from(whole);
  changed[600] = (changed[600] ?? 0) ^ 1;
  for (const bytes of [changed, whole.subarray(0, whole.length / 2), Buffer.from('no tar'.repeat(500))]) {
    await writeFile(at('broken.tar'), bytes);
    const { code, stderr } = await run('restore', 'new', at('broken.tar'));
    expect([code, stderr.split('\n')]).toEqual([1, [expect.stringContaining('backup-refused: '), '']]);
    expect((await readdir(at('new'))).filter((name) => !name.startsWith('slipway.lock'))).toEqual([]);
  }
});
