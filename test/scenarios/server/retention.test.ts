/** What is cleaned up, and what is put in order after a process that died. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createGitHost } from '../../../src/git/host/host.js';
import { cleanOnce } from '../../../src/server/retention.js';
import { openStore } from '../../../src/store/open-store.js';
import { must } from '../../support/app.js';
import { newDeployment } from '../../contracts/store-deployment-samples.js';
import { artifact, auditEntry, begin, delivery, newBuild, plan, toSkip } from '../../contracts/store-samples.js';
import { createFakeEngine } from '../../support/fake-engine.js';
import { createFakes } from '../../support/fakes.js';
import { keptLog } from '../../support/kept-log.js';
import { TestSlipway, until } from '../../support/slipway.js';
import { openTempStore } from '../../support/store.js';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const retention = () => ({
  logs: 30 * DAY_MS,
  deliveries: 180 * DAY_MS,
  decisions: 180 * DAY_MS,
  artifacts: 7 * DAY_MS,
  deployments: 365 * DAY_MS,
  audit: 365 * DAY_MS,
});
const noMirrors = { prepare: async () => undefined };
const countingArtifacts = async () => new Set<string>();

test('what is left of uploads that a crash cut off goes after a day; artifacts and uploads under way stay', async () => {
  const temp = await openTempStore();
  const { store, dataDir } = temp;
  const now = Date.now();
  const log = keptLog();
  await mkdir(join(dataDir, 'artifacts'));
  for (const name of ['kept', 'lost', 'arriving']) await writeFile(join(dataDir, 'artifacts', name), name);
  const longAgo = new Date(now - 2 * 86_400_000);
  for (const name of ['kept', 'lost']) await utimes(join(dataDir, 'artifacts', name), longAgo, longAgo);
  await store.artifacts.add(artifact('a1', { file: 'artifacts/kept', receivedAt: now - 2 * 86_400_000 }));
  const clock = { now: () => now, sleep: async () => undefined };
  await cleanOnce({
    store,
    engine: createFakeEngine(),
    git: noMirrors,
    countingArtifacts,
    dataDir,
    retention,
    clock,
    log,
  });
  expect((await readdir(join(dataDir, 'artifacts'))).sort()).toEqual(['arriving', 'kept']);
  expect(log.lines).toEqual([]);
  await temp.close();
});

test('ended deployments and entries of the audit list go when their own time is over', async () => {
  const temp = await openTempStore();
  const { store, dataDir } = temp;
  const now = Date.now();
  const log = keptLog();
  const clock = { now: () => now, sleep: async () => undefined };
  for (const age of [5, 3, 1]) {
    const at = now - age * DAY_MS;
    const { deployment } = must(await store.deployments.add(newDeployment(1, { id: `d${age}` }), at));
    await store.deployments.end(deployment.id, null, at);
    await store.audit.add(auditEntry({ at, status: age }));
  }
  await cleanOnce({
    store,
    engine: createFakeEngine(),
    git: noMirrors,
    countingArtifacts,
    dataDir,
    retention: () => ({ ...retention(), deployments: 2 * DAY_MS, audit: 4 * DAY_MS }),
    clock,
    log,
  });
  const all = { limit: 10, cursor: null };
  expect((await store.deployments.page(all)).items.map(({ id }) => id)).toEqual(['d1']);
  expect((await store.audit.page(all)).items.map(({ status }) => status)).toEqual([1, 3]);
  expect(log.lines).toEqual([]);
  await temp.close();
});

test('deliveries and decisions go when their own time is over', async () => {
  const temp = await openTempStore();
  const { store, dataDir } = temp;
  const now = Date.now();
  const log = keptLog();
  const clock = { now: () => now, sleep: async () => undefined };
  const days = { logs: 0, deliveries: 2, decisions: 4, artifacts: 0 };
  const kept = Object.fromEntries(Object.entries(days).map(([what, count]) => [what, count * DAY_MS]));
  for (const age of [5, 3, 1]) {
    const at = now - age * DAY_MS;
    await store.deliveries.accept(delivery(`d${age}`, { receivedAt: at, status: 'ignored' }), null);
    for (const head of ['a', 'b']) await store.decisions.record(plan([toSkip({ head: head.repeat(40) })]), at + 1);
  }
  await cleanOnce({
    store,
    engine: createFakeEngine(),
    git: noMirrors,
    countingArtifacts,
    dataDir,
    retention: () => ({ ...retention(), ...kept }),
    clock,
    log,
  });
  const { items } = await store.deliveries.page({ limit: 10, cursor: null });
  expect(items.map(({ id }) => id)).toEqual(['d1']);
  const ages = (await store.decisions.last(10)).map(({ at }) => (now + 1 - at) / DAY_MS);
  expect(ages).toEqual([1, 1, 3, 3]);
  expect(log.lines).toEqual([]);
  await temp.close();
});

test('half a pack that a git left when it was stopped goes while the server runs; one that is arriving stays', async () => {
  const temp = await openTempStore();
  const { store, dataDir } = temp;
  const log = keptLog();
  const dir = join(dataDir, 'mirrors');
  const packs = join(dir, 'abc', 'app.git', 'objects', 'pack');
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const git = createGitHost({ cloneUrl: 'https://git.test/{repository}', token: null, dir, env: {}, clock, log });
  await git.prepare();
  await mkdir(packs, { recursive: true });
  for (const name of ['tmp_pack_old', 'tmp_pack_new']) await writeFile(join(packs, name), 'PACK');
  const longAgo = new Date(Date.now() - 3 * 3_600_000);
  await utimes(join(packs, 'tmp_pack_old'), longAgo, longAgo);
  await cleanOnce({ store, engine: createFakeEngine(), git, countingArtifacts, dataDir, retention, clock, log });
  expect(await readdir(packs)).toEqual(['tmp_pack_new']);
  expect(log.lines).toEqual([]);
  await temp.close();
});

test('the image of a build that a dead process should have canceled does not stay on the engine', async () => {
  const { host: registryHost, engine, registry } = createFakes();
  const services = { app: { repository: 'abc/app' } };
  const slipway = await TestSlipway.create({ services, registryHost, engine, registry });
  const store = await openStore({ dataDir: join(slipway.folder, 'data'), logLimit: 1000, clock: slipway.clock });
  const build = await begin(store, newBuild(), 'gone');
  const name = `slipway-build:${build.id}`;
  await store.queue.progress(build, { engineImage: engine.addImage(name) });
  await store.housekeeping.cancel(build.id, 3);
  await store.housekeeping.close();
  await slipway.start();
  await until('the image to be gone', async () => !engine.names.has(name));
  expect(await slipway.build(build.id)).toMatchObject({ status: 'canceled' });
  await slipway.close();
});
