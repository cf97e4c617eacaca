import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { openStore } from '../../src/store/open-store.js';
import { storeContract } from './store.js';
import { add, newDeployment, start } from './store-deployment-samples.js';
import { begin, image, newBuild, success } from './store-samples.js';

storeContract('the embedded store', async ({ logLimit, now }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  const open = () => openStore({ dataDir, logLimit, clock: { now } });
  let store = await open();
  return {
    store,
    async reopen() {
      await store.housekeeping.close();
      store = await open();
      return store;
    },
    async close() {
      await store.housekeeping.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
});

test('the end of a build replaces the image that its database holds for it already', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  const store = await openStore({ dataDir, logLimit: 1000, clock: { now: () => 1 } });
  const build = newBuild();
  const attempt = await begin(store, build);
  const beside = new Libsql(join(dataDir, 'slipway.db'));
  beside.exec(`insert into images values ('${build.id}', 'app', 'registry.test/app', 'sha256:old', 'f', 5)`);
  beside.close();
  expect(await store.queue.finish(attempt, success(image('sha256:new'), 'f'), 9, [])).toBe(true);
  expect(await store.images.withFingerprint('app', 'f')).toMatchObject([{ digest: 'sha256:new', builtAt: 9 }]);
  await store.housekeeping.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('the database itself refuses a second running deployment of a service in an environment', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  const store = await openStore({ dataDir, logLimit: 1000, clock: { now: () => 1 } });
  const running = await start(store, newDeployment(1));
  const waits = [
    newDeployment(2),
    newDeployment(2, { service: 'other' }),
    newDeployment(2, { environment: 'staging' }),
  ];
  for (const each of waits) await add(store, each);
  const beside = new Libsql(join(dataDir, 'slipway.db'));
  const set = (id: string) => () => beside.exec(`update deployments set status = 'running' where id = '${id}'`);
  const [second, ...others] = waits.map(({ id }) => set(id));
  expect(second).toThrow(/UNIQUE constraint failed: deployments.environment, deployments.service/);
  for (const other of others) expect(other).not.toThrow();
  beside.close();
  expect(await store.deployments.get(running.id)).toMatchObject({ status: 'running' });
  await store.housekeeping.close();
  await rm(dataDir, { recursive: true, force: true });
});
