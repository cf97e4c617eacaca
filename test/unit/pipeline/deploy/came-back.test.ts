/** Over an older database: a host was away while what runs was adopted, and comes back with what the database does not know. */
import { createLabels } from '../../../../src/container-labels.js';
import { driftOn } from '../../../../src/decide/container-drift.js';
import { hostsToRepair } from '../../../../src/decide/repairs.js';
import type { HostObservation } from '../../../../src/model/observation.js';
import { createExpected } from '../../../../src/pipeline/observe/expected.js';
import { lookAtHost } from '../../../../src/pipeline/observe/look-at-host.js';
import { Secret } from '../../../../src/secret.js';
import { must } from '../../../support/app.js';
import { deployStage, imageOf, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';

let stage: DeployStage;
let older: DeployStage;
let b: FakeHost;
beforeEach(async () => {
  stage = await deployStage();
  b = must(stage.hosts.get('b'));
  const fresh = await deployStage([]);
  older = Object.assign(fresh, { hosts: stage.hosts, environment: stage.environment });
  Object.assign(older.deps, { hosts: stage.deps.hosts });
  await stage.deploy(2);
  for (const host of stage.hosts.values()) for (const number of [3, 4]) host.offer(imageOf(number));
});
afterEach(async () => {
  await older.close();
  await stage.close();
});

const desired = async () => must(await older.temp.store.deployments.desired('production', 'app'));

async function lookAt(host: FakeHost): Promise<HostObservation> {
  const expected = await createExpected(older.temp.store)('production');
  const seen = await lookAtHost(host, 'production', { labels: older.deps.labels, expected });
  const known = { environment: 'production', host: host.name, reachable: true, since: 0, why: null };
  return { ...known, seen: { at: Date.now() + 1, ...seen } };
}

/** Drift fields of the host, and whether it is to be repaired. */
async function found(host: FakeHost) {
  const observation = await lookAt(host);
  const facts = { desired: await desired(), unfinished: new Set<string>(), isChanging: false };
  const container = observation.seen?.own.find(({ state }) => state.status === 'running') ?? null;
  const repair = hostsToRepair({ ...facts, repair: 'all', observations: [observation], changedAt: 0 });
  return { drift: driftOn({ host: host.name, container, ...facts }).map(({ field }) => field), repair };
}

/** Adopts release 2, while b is away. */
async function adoptWithout(force: boolean): Promise<void> {
  b.setAway(true);
  expect((await older.deploy(2, { kind: 'adopt', force })).status).toBe('succeeded');
  expect(await desired()).toMatchObject({ behind: ['b'] });
  b.setAway(false);
}

test('it is left alone, as drift, and ends every deployment until it is adopted, too', async () => {
  await adoptWithout(false);
  expect(await found(b)).toEqual({ drift: ['unknown-deployment'], repair: [] });
  for (const [number, kind] of [[3, 'deployment'] as const, [2, 'repair'] as const])
    expect(await older.deploy(number, { kind })).toMatchObject({ status: 'failed', error: { code: 'owned-by-other' } });
  expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });

  expect((await older.deploy(2, { kind: 'adopt' })).status).toBe('succeeded');
  expect([(await desired()).behind, await found(b)]).toEqual([[], { drift: [], repair: [] }]);
  expect((await older.deploy(3)).status).toBe('succeeded');
  expect(await stage.running()).toEqual({ a: ['(2 no)', '3 always'], b: ['(2 no)', '3 always'] });
});

test('another release there becomes desired by the next adopt-observed, and is brought to the others', async () => {
  await stage.deploy(3, { only: ['b'] });
  await adoptWithout(false);
  expect((await found(b)).drift).toContain('unknown-deployment');
  expect((await older.deploy(3, { kind: 'adopt' })).status).toBe('succeeded');
  expect(await desired()).toMatchObject({ release: { number: 3 }, behind: ['a'] });
  expect(await found(must(stage.hosts.get('a')))).toMatchObject({ repair: ['a'] });
  expect((await older.deploy(3, { kind: 'repair', only: ['a'] })).status).toBe('succeeded');
  expect(await stage.running()).toMatchObject({ a: ['(2 no)', '3 always'], b: [expect.anything(), '3 always'] });
});

test('what has no seal of ours is left alone until it is taken with force', async () => {
  Object.assign(older.deps, { labels: createLabels('slipway', new Secret('another key')) });
  await adoptWithout(true);
  expect(await found(b)).toMatchObject({ repair: [] });
  expect(await older.deploy(3)).toMatchObject({ status: 'failed', error: { code: 'owned-by-other' } });
  expect((await older.deploy(2, { kind: 'adopt', force: true })).status).toBe('succeeded');
  expect((await older.deploy(3)).status).toBe('succeeded');
  expect(await stage.running()).toEqual({ a: ['(2 no)', '3 always'], b: ['(2 no)', '3 always'] });
});

test('what was taken without our seal is asked for its version, whatever its policy says', async () => {
  for (const host of stage.hosts.values())
    for (const { container } of host.all.values())
      Object.assign(container, { labels: { ...container.labels, 'dev.slipway.seal': 'none' } });
  const specification = kept(2, {}, { verify: { expect: 'right' } });
  const answer = (body: string) => older.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body });
  answer('wrong');
  expect((await older.deploy(2, { kind: 'adopt', force: true, specification })).status).toBe('succeeded');
  const repair = () => older.deploy(2, { kind: 'repair', specification });
  expect(await repair()).toMatchObject({ error: { code: 'version-mismatch' } });
  answer('right');
  expect((await repair()).status).toBe('succeeded');
  expect(await stage.running()).toEqual({ a: ['2 always'], b: ['2 always'] });
});
