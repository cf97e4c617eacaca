/** A database that was restored from an older backup: hosts run deployments that it does not know. */
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';

let stage: DeployStage;
let older: DeployStage;
beforeEach(async () => {
  stage = await deployStage();
  await stage.deploy(2);
  // The same hosts and instance, without what the other database knows.
  const fresh = await deployStage([]);
  older = Object.assign(fresh, { hosts: stage.hosts, environment: stage.environment });
  Object.assign(older.deps, { hosts: stage.deps.hosts });
});
afterEach(async () => {
  await older.close();
  await stage.close();
});

const changing = /^(start|stop|setRestart|create|remove) /;

test('nothing is changed where a deployment runs that is not known', async () => {
  const [a] = [...stage.hosts.values()];
  const before = a?.transcript.length;
  const failed = await older.deploy(1);
  expect([failed.status, failed.error?.code]).toEqual(['failed', 'owned-by-other']);
  expect(failed.error?.message).toContain('adopt-observed');
  expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
  expect(a?.transcript.slice(before).filter((line) => changing.test(line))).toEqual([]);
});

test('what runs becomes desired, and nothing is changed either', async () => {
  const [a] = [...stage.hosts.values()];
  const before = a?.transcript.length;
  const adopted = await older.deploy(2, { kind: 'adopt', specification: kept(2, { hostname: 'today' }) });
  expect(adopted.status).toBe('succeeded');
  expect(await older.temp.store.deployments.desired('production', 'app')).toMatchObject({ release: { number: 2 } });
  expect(a?.transcript.slice(before).filter((line) => changing.test(line))).toEqual([]);
});

test('a release that does not run everywhere is not adopted, and goes on where it runs', async () => {
  const failed = await older.deploy(3, { kind: 'adopt' });
  expect([failed.status, failed.error?.code]).toEqual(['failed', 'no-release']);
  expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
});
