import { createEvents } from '../../../src/events.js';
import type { GitHost } from '../../../src/git/contract.js';
import type { Environment } from '../../../src/model/environment.js';
import type { OwnContainer } from '../../../src/model/observation.js';
import { whereRuns } from '../../../src/operations/where/where-runs.js';
import { createWaiting } from '../../../src/operations/waiting.js';
import { createObservations } from '../../../src/pipeline/observe/observations.js';
import { createSpecOn } from '../../../src/specification/spec-text.js';
import type { Store } from '../../../src/store/contract.js';
import { deployed, fault, newDeployment, run, specification, start } from '../../contracts/store-deployment-samples.js';
import { begin, endWell, must, queueBuild, service } from '../../support/app.js';
import { failureOf } from '../../support/failure-of.js';
import { manualClock } from '../../support/manual-clock.js';
import { createMemoryGitHost, MemoryRepository } from '../../support/memory-git.js';
import { ownContainer } from '../../support/observed.js';
import { deploySettings, environmentOf, hostSettings, testLabels } from '../../support/own-containers.js';
import { storeClock } from '../../support/running-builds.js';
import { openTempStore, type TempStore } from '../../support/store.js';

const name = 'java-service-1';
const known = service({ deploy: deploySettings() });
/** A Friday. */
const now = Date.UTC(2026, 0, 2);
let temp: TempStore;
let store: Store;
let repository: MemoryRepository;
let observations: ReturnType<typeof createObservations>;
let environments: Map<string, Environment>;
let git: GitHost;

beforeEach(async () => {
  temp = await openTempStore({ clock: storeClock });
  store = temp.store;
  repository = new MemoryRepository();
  git = createMemoryGitHost(async () => repository);
  observations = createObservations(manualClock(), createEvents());
  environments = new Map([['production', environmentOf([hostSettings('a'), hostSettings('b')])]]);
});
afterEach(() => temp.close());

const commit = (branch = 'main') => repository.commit({ file: String(repository.commits.size) }, { branch });
/** Ends a build of the commit, which makes the next release. */
async function release(of: string, tags: readonly string[] = [`1.0.0-${of.slice(0, 7)}`]): Promise<void> {
  await queueBuild(store, { commit: of, forced: true });
  await endWell(store, await begin(store), `sha256:${of}`, [...tags]);
}
const wanted = (number: number, of: string) => ({
  service: name,
  release: deployed(number, { commit: of, digest: `sha256:${of}` }),
  specification: { ...specification(`sha256:${of}`), publish: { a: null, b: null } },
});
const deploy = (number: number, of: string, id = `d${number}`) =>
  run(store, newDeployment(number, { id, ...wanted(number, of) }));
const see = (host: string, ...own: OwnContainer[]) =>
  observations.note('production', host, { seen: { own, foreign: [] } });
const runs = (number: number) => ownContainer({ release: number, deployment: `d${number}` });
const ask = async (changes: { commit?: string; version?: string; service?: typeof known }) => {
  const call = { service: known, commit: null, version: null, ...changes };
  return whereRuns(call, {
    store,
    git,
    observations,
    specOn: createSpecOn(testLabels),
    environments: () => environments,
    waiting: createWaiting({
      ...{ store, clock: manualClock(now), concurrency: () => 1, lowDisk: async () => null },
      environments: () => environments,
    }),
  });
};
const codes = async (of: string) => {
  const answers = await ask({ commit: of });
  return answers.map(({ environment, runs: its, reason }) => `${environment} ${its} ${reason.code}`);
};

test('a commit runs where the running release is of it, or comes from it', async () => {
  const [older, built, newer] = [commit(), commit(), commit()];
  await release(built);
  await deploy(1, built);
  see('a', runs(1));
  see('b', runs(1));
  expect(await ask({ commit: built })).toMatchObject([
    { environment: 'production', runs: 'yes', hosts: ['a', 'b'], since: 3000, release: 1 },
  ]);
  expect(await codes(older)).toEqual(['production yes running']);
  expect(await codes(older.slice(0, 8))).toEqual(['production yes running']);
  expect(await codes(newer)).toEqual(['production no not-built']);
});

test('a commit runs in a container that an older release of the same parameters left', async () => {
  const [first, second] = [commit(), commit()];
  await release(first);
  await release(second);
  const alike = { ...wanted(2, second), specification: wanted(1, first).specification };
  await deploy(1, first);
  await run(store, newDeployment(2, { id: 'd2', ...alike }));
  for (const host of ['a', 'b'])
    see(
      host,
      ownContainer({ release: 1, deployment: 'd1', spec: createSpecOn(testLabels)(alike.specification, host) }),
    );
  expect(await ask({ commit: second })).toMatchObject([{ runs: 'yes', release: 2, reason: { code: 'running' } }]);
  see('b', runs(1));
  expect(await ask({ commit: second })).toMatchObject([{ runs: 'partly', hosts: ['a'] }]);
});

test('a commit that was skipped runs where the running release covers it', async () => {
  const [built, skipped] = [commit(), commit()];
  await release(built);
  await store.releases.adopt(
    {
      ...{ service: name, branch: 'main', commit: skipped, ofHead: true },
      image: must(await store.releases.get(name, 1)).image,
      runFile: { source: 'none', path: null, commit: null, overlays: [], hash: 'none', texts: null },
      buildId: must((await store.releases.get(name, 1))?.buildId),
    },
    1,
    false,
  );
  expect((await store.releases.covering(name, 'main', skipped))?.number).toBe(1);
  await deploy(1, built);
  see('a', runs(1));
  see('b');
  expect(await codes(skipped)).toEqual(['production partly partly']);
});

test('of hosts that are away nothing is claimed', async () => {
  const built = commit();
  await release(built);
  await deploy(1, built);
  see('a');
  expect(await codes(built)).toEqual(['production unknown host-unreachable']);
});

test('why a commit does not run', async () => {
  const [first, second, failing] = [commit(), commit(), commit()];
  await release(first);
  see('a');
  see('b');
  expect(await codes(first)).toEqual(['production no not-requested']);
  await deploy(1, first);
  see('a', runs(1));
  see('b', runs(1));
  await release(second);
  expect(await codes(second)).toEqual(['production no not-requested']);
  await start(store, newDeployment(2, { id: 'd2', ...wanted(2, second) }));
  expect(await codes(second)).toEqual(['production no waiting']);
  const claim = must(await store.deployments.get('d2')).claim;
  await store.deployments.finish(
    { id: 'd2', claim },
    { status: 'failed', error: fault(), blocks: false, behind: [] },
    5000,
  );
  expect(await codes(second)).toEqual(['production no failed']);
  await run(store, newDeployment(2, { id: 'd3', ...wanted(2, second) }), {
    status: 'rolled-back',
    error: fault(),
    blocks: true,
    behind: [],
  });
  expect(await codes(second)).toEqual(['production no blocked']);
  await queueBuild(store, { commit: failing, forced: true });
  expect(await codes(failing)).toEqual(['production no not-built']);
  const { id, claim: attempt } = await begin(store);
  const error = { code: 'dockerfile-step-failed', message: 'It broke.', step: null, blame: 'dockerfile' } as const;
  await store.queue.finish({ id, claim: attempt }, { status: 'failed', error }, 1, []);
  expect(await codes(failing)).toEqual(['production no build-failed']);
});

test('a commit whose deployment waits at a gate says what opens it, and until when it waits', async () => {
  const built = commit();
  await release(built);
  see('a');
  see('b');
  const production = must(environments.get('production'));
  environments.set('production', { ...production, approvals: 1 });
  await start(store, newDeployment(1, { id: 'd1', ...wanted(1, built) }));
  const { claim } = must(await store.deployments.get('d1'));
  await store.deployments.waitAtGate({ id: 'd1', claim }, 'pending');
  const why = async () => (await ask({ commit: built }))[0]?.reason;
  expect(await why()).toEqual({
    code: 'waiting',
    message: 'Deployment d1 of release 1 waits: 0 of 1 approvals by other tokens than deployer.',
  });
  environments.set('production', {
    ...production,
    window: [{ days: ['wed'], from: 20 * 60, to: 23 * 60, zone: 'UTC' }],
  });
  expect(await why()).toEqual({
    code: 'waiting',
    message: 'Deployment d1 of release 1 waits: The window of production is closed (until 2026-01-07T20:00:00.000Z).',
  });
  await store.holds.put({ environment: 'production', by: 'ops', reason: 'a freeze', until: now + 3_600_000 });
  expect(await why()).toEqual({
    code: 'waiting',
    message: 'Deployment d1 of release 1 waits: ops holds production: a freeze (until 2026-01-02T01:00:00.000Z).',
  });
});

test('a commit whose release was replaced by one that does not come from it', async () => {
  const built = commit();
  const other = commit('other');
  await release(built);
  await release(other);
  await deploy(1, built);
  await deploy(2, other);
  see('a', runs(2));
  see('b', runs(2));
  const [answer] = await ask({ commit: built });
  expect(answer).toMatchObject({ runs: 'no', since: null, release: 1, reason: { code: 'replaced' } });
  expect(answer?.reason.message).toContain('release 2 took its place');
});

test('a version is that of a release, with or without its revision', async () => {
  const built = commit();
  await release(built, ['1.0.0-r2', 'main']);
  await deploy(1, built);
  see('a', runs(1));
  see('b', runs(1));
  for (const version of ['1.0.0-r2', '1.0.0'])
    expect(await ask({ version })).toMatchObject([{ runs: 'yes', release: 1 }]);
  for (const version of ['2.0.0', 'main'])
    expect(await failureOf(ask({ version }))).toMatchObject({ code: 'unknown-commit' });
});

test('environments are those of the configuration, and those where something is desired', async () => {
  const built = commit();
  await release(built);
  await deploy(1, built);
  see('a', runs(1));
  see('b', runs(1));
  environments.set('staging', environmentOf([hostSettings('a')], 'staging'));
  expect(await ask({ commit: built, service: service({ deploy: null }) })).toMatchObject([
    { environment: 'production', runs: 'yes' },
  ]);
});

test.each([
  ['that nobody knows', { commit: 'f'.repeat(40) }, 'unknown-commit'],
  ['whose beginning nobody knows', { commit: 'ffff' }, 'unknown-commit'],
  ['and a version', { commit: 'ffff', version: '1' }, 'invalid-request'],
  ['or a version has to be named', {}, 'invalid-request'],
])('a commit %s', async (_, call, code) => {
  expect(await failureOf(ask(call))).toMatchObject({ code });
});
