/** A database that is older than what the hosts run. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config/load.js';
import { backup, restore } from '../../../src/data-folder.js';
import {
  ask,
  containerOf,
  containersOn,
  dockerfile,
  openHostsStage,
  runFile,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import { until } from '../../support/slipway.js';
import type { Tickets } from '../../support/tickets.js';

let stage: HostsStage;
let tickets: Tickets;
let host: StageHost;

beforeAll(async () => {
  stage = await openHostsStage({ hosts: 1, environments: () => ({ production: { repair: 'all' } }) });
  [host] = stage.hosts as [StageHost];
  tickets = stage.tickets;
  await stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  expect(await tickets.deploy()).toMatchObject({ status: 'succeeded' });
  await stage.say('two');
}, 120_000);

afterAll(() => stage?.close(), 60_000);

test('after a restore nothing is changed where a newer deployment runs, and everybody can see it', async () => {
  const { slipway } = stage;
  const loaded = await loadConfig(slipway.configFile, {});
  if (!loaded.ok) throw new Error('The configuration has faults.');
  const file = join(slipway.folder, 'backup.tar');
  await backup(loaded.config, file);
  const { id, status } = await tickets.deploy({ release: 2 });
  expect(status).toBe('succeeded');
  const { State } = await containerOf(host, 2);
  await slipway.stop();
  await rm(join(slipway.folder, 'data'), { recursive: true });
  await restore(loaded.config, file);
  await slipway.start();

  const drift = await until('the host to be seen', async () => {
    const [seen] = (await tickets.shown()).hosts;
    return seen?.state === 'running' && seen.drift;
  });
  expect(drift.map(({ field }) => field)).toContain('unknown-deployment');
  const { body } = await slipway.request('GET', '/readyz');
  expect(JSON.parse(body)).toMatchObject({
    status: 'ok',
    checks: { hosts: { message: expect.stringContaining(`shop.production.${id} on production/a`) } },
  });
  const asked = [await tickets.deploy({ release: 2 }), await tickets.deploy({ release: 1 })];
  for (const one of asked)
    expect(one).toMatchObject({
      status: 'failed',
      error: { code: 'owned-by-other', host: 'a', message: expect.stringContaining(id) },
    });
  expect((await containerOf(host, 2)).State).toEqual(State);
  expect([await containersOn(host), await ask(host.publish)]).toEqual([['-1 no', '2 always'], 'two']);
  // Nobody but these asked for anything, although `repair` is `all`.
  expect((await tickets.all()).map((one) => one.kind)).toEqual(['deployment', 'deployment', 'deployment']);
}, 120_000);
