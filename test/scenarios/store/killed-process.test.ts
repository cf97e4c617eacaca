import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../src/store/open-store.js';
import { startChild, type Child } from '../../support/child.js';

const settings = { logLimit: 1000, clock: { now: () => 0 } };
let dataDir: string;
let child: Child;

const start = () => startChild(new URL('accepting-child.ts', import.meta.url), [dataDir]);

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
});
afterEach(async () => {
  await child.kill();
  await rm(dataDir, { recursive: true, force: true });
});

test('a second server on the directory is refused with the reason, until the first one is killed', async () => {
  child = start();
  await child.until((lines) => lines.includes('open'));
  const refused = openStore({ dataDir, ...settings });
  await expect(refused).rejects.toMatchObject({ code: 'data-dir-locked' });
  await expect(refused).rejects.toThrow(`Another Slipway server is using the data directory ${dataDir}`);
  await child.kill();
  const store = await openStore({ dataDir, ...settings });
  await store.housekeeping.close();
});

test('every delivery that was acknowledged before a kill -9 is there, each with its look', async () => {
  child = start();
  await child.until((lines) => lines.length > 200);
  await child.kill();
  const store = await openStore({ dataDir, ...settings });
  const kept = (await store.deliveries.page({ limit: 1_000_000, cursor: null })).items.map(({ id }) => id);
  const looked = (await store.looks.due(1000, 1_000_000, [])).map(({ after }) => after);
  await store.housekeeping.close();
  expect(new Set(kept)).toEqual(new Set(looked));
  const acknowledged = child.lines.filter((line) => line.startsWith('lane-'));
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter((id) => !kept.includes(id))).toEqual([]);
});

test('a server that was tried twice in its own process still keeps every other process out', async () => {
  const store = await openStore({ dataDir, ...settings });
  await expect(openStore({ dataDir, ...settings })).rejects.toMatchObject({ code: 'data-dir-locked' });
  child = start();
  expect(await child.end()).toContain('data-dir-locked');
  await store.housekeeping.close();
});
