import type { KeptRunFile } from '../../../../src/model/release.js';
import type { OwnContainer } from '../../../../src/model/observation.js';
import { head } from '../../../contracts/store-samples.js';
import { must } from '../../../support/app.js';
import { fault } from '../../../contracts/store-deployment-samples.js';
import {
  digestOf,
  nothing,
  openDeploying,
  ticket,
  type DeploySetting,
  type TestDeploying,
} from '../../../support/deploying.js';
import { keptRunFile } from '../../../support/effective.js';
import { failureOf } from '../../../support/failure-of.js';
import { identityOf } from '../../../support/own-containers.js';

let under: TestDeploying;
const open = async (setting?: DeploySetting) => {
  under = await openDeploying(setting);
};
afterEach(() => under.close());

const plan = (release: number, force = false) =>
  under.deploying.plan({ service: 'web', environment: 'production', target: { ...nothing, release }, force });
const fileOf = (lines: string): KeptRunFile => keptRunFile(`services:\n  web:\n${lines.replace(/^/gm, '    ')}\n`);
const imageOf = (commit: string) => `registry.abc.net/web@${digestOf(commit)}`;

/** Each host runs what the deployment made. */
async function runs(id: string, release: number, hosts = ['a', 'b']) {
  const kept = must(await under.store.deployments.specification(id));
  for (const host of hosts) {
    const state = { status: 'running', health: null, startedAt: 1, restarts: 0, lastExit: null } as const;
    const identity = identityOf({ service: 'web', release, deployment: id, spec: under.deps.specOn(kept, host) });
    const container: OwnContainer = {
      ...{ ...identity, id: host, name: `web.production.${id}`, image: `slipway.local/web:${id}` },
      ...{ digests: ['elsewhere.test/web@sha256:0', kept.image], state, ports: [], createdAt: 1 },
      ...{ known: true, compared: null, origin: null },
    };
    under.observations.note('production', host, { seen: { own: [container], foreign: [] } });
  }
}

/** Deploys a release, which then runs everywhere. */
async function deployed(release: number) {
  const { id } = await under.ends(await under.deploying.deploy(ticket({ release }), null));
  await runs(id, release);
  return id;
}

const seeNothing = (...hosts: string[]) => {
  for (const host of hosts) under.observations.note('production', host, { seen: { own: [], foreign: [] } });
};

test('the first deployment creates containers, and every parameter says where it comes from', async () => {
  await open({
    environment: 'defaults: { memory: 1GiB }\nvariables: { PASSWORD: "${PW}" }',
    variables: { PW: 'pa55word' },
  });
  await under.release(head('a'), { runFile: fileOf('ports: ["8080:80"]\nenvironment: [PASSWORD]') });
  seeNothing('a', 'b');
  const { hosts, rollbackTo, commits, runFileCommit } = await plan(1);
  expect([rollbackTo, commits, runFileCommit]).toEqual([null, [], head('a')]);
  expect(hosts).toMatchObject(
    ['a', 'b'].map((host) => ({
      host,
      action: 'create',
      image: { from: null, to: imageOf('a') },
      interruptionSeconds: null,
    })),
  );
  const parameters = new Map(hosts[1]?.parameters.map(({ name, ...rest }) => [name, rest]));
  const file = { kind: 'file', path: 'docker/compose.yaml', line: 3 };
  expect(Object.fromEntries(parameters)).toMatchObject({
    ports: { from: null, to: '["8080:80/tcp"]', origin: file },
    'environment.PASSWORD': { to: '(changed, not shown)', secret: true, origin: { ...file, line: 4 } },
    mem_limit: { to: '1g', origin: { kind: 'environment' } },
    restart: { to: 'always', origin: { kind: 'default' } },
    init: { to: 'true', origin: { kind: 'default' } },
    publish: { to: '127.0.0.2', origin: { kind: 'environment' } },
  });
  expect(JSON.stringify(hosts)).not.toContain('pa55word');
  expect(hosts[0]?.parameters.map(({ name }) => name)).not.toContain('publish');
});

test('the same release with the same settings is no action', async () => {
  await open();
  await under.release(head('a'));
  await deployed(1);
  const { hosts } = await plan(1);
  expect(hosts.map(({ action, image, parameters }) => [action, image, parameters])).toEqual([
    ['none', { from: imageOf('a'), to: imageOf('a') }, []],
    ['none', { from: imageOf('a'), to: imageOf('a') }, []],
  ]);
});

test('what somebody changed on a host is in the plan', async () => {
  await open();
  await under.release(head('a'));
  const id = await deployed(1);
  const seen = under.observations.of('production', 'a')?.seen;
  const drift = [{ field: 'mem_limit', wanted: '1g', found: '2g' }];
  const own = (seen?.own ?? []).map((one) => ({ ...one, compared: { deploymentId: id, drift } }));
  under.observations.note('production', 'a', { seen: { own, foreign: [] } });
  expect((await plan(1)).drift).toEqual([{ host: 'a', field: 'mem_limit', wanted: '1g', found: '2g' }]);
});

test('what was kept of an earlier release is no drift', async () => {
  await open();
  await under.release(head('a'));
  await under.release(head('b'));
  await deployed(1);
  const before = under.observations.of('production', 'a')?.seen?.own ?? [];
  const id = await deployed(2);
  const seen = under.observations.of('production', 'a')?.seen?.own ?? [];
  const drift = [{ field: 'restart', wanted: 'always', found: 'no' }];
  const kept = before.map((one) => ({
    ...one,
    id: 'kept',
    state: { ...one.state, status: 'exited' as const },
    compared: { deploymentId: id, drift },
  }));
  under.observations.note('production', 'a', { seen: { own: [...kept, ...seen], foreign: [] } });
  expect((await plan(2)).drift).toEqual([]);
});

test('a changed variable alone replaces containers, and only what differs is listed', async () => {
  await open({ environment: 'variables: { WHO: then }' });
  await under.release(head('a'), { runFile: fileOf('environment: [WHO]') });
  await deployed(1);
  await under.reconfigure({ environment: 'variables: { WHO: now }' });
  const { hosts } = await plan(1);
  expect(hosts[0]).toMatchObject({
    action: 'replace',
    parameters: [
      { name: 'environment.WHO', from: 'then', to: 'now', secret: false, origin: { kind: 'file', line: 3 } },
    ],
  });
});

test('what a newer run file drops has no origin', async () => {
  await open();
  await under.release(head('a'), { runFile: fileOf('user: someone\nlabels: {a: b}') });
  await under.release(head('b'), { runFile: fileOf('labels: {a: c}') });
  await deployed(1);
  const { hosts, rollbackTo } = await plan(2);
  expect(hosts[0]).toMatchObject({ action: 'replace', image: { from: imageOf('a'), to: imageOf('b') } });
  expect(hosts[0]?.parameters).toMatchObject([
    { name: 'labels.a', from: 'b', to: 'c', origin: { kind: 'file', line: 3 } },
    { name: 'user', from: 'someone', to: null, origin: null },
  ]);
  expect(rollbackTo).toBeNull();
});

test('a host that runs something else is replaced, one that runs nothing is created', async () => {
  await open();
  await under.release(head('a'));
  await under.release(head('b'));
  const older = await deployed(1);
  await deployed(2);
  await runs(older, 1, ['a']);
  seeNothing('b');
  expect((await plan(2)).hosts.map(({ action }) => action)).toEqual(['replace', 'create']);
});

test('a host that is away is unknown, and said to be', async () => {
  await open();
  await under.release(head('a'));
  await deployed(1);
  under.observations.note('production', 'b', { why: 'it is off' });
  const { hosts, warnings } = await plan(1);
  expect(hosts[1]).toMatchObject({ action: 'unknown', image: { from: imageOf('a'), to: imageOf('a') } });
  expect(warnings).toContain('host b is not reachable: it is off');
});

test('it warns of what has its default and is not asked', async () => {
  await open();
  await under.release(head('a'));
  const { warnings } = await plan(1);
  expect(warnings).toEqual([
    'no run file: everything has its default',
    expect.stringMatching(/^version not asked \(version-not-asked\)/),
    'host a was not asked yet',
    'host b was not asked yet',
  ]);
});

test('faults of the run file are in the plan, and nothing can be done', async () => {
  await open();
  await under.release(head('a'), { runFile: fileOf('privileged: true\nenvironment: [MISSING]') });
  seeNothing('a', 'b');
  const { hosts, faults } = await plan(1);
  expect(faults.map(({ code, line }) => [code, line])).toEqual([
    ['run-file-not-allowed', 3],
    ['variable-missing', 4],
  ]);
  expect(hosts).toMatchObject([{ action: 'unknown', image: { from: null, to: null }, parameters: [] }, {}]);
});

test('the commits that come with the release are listed, as far as they are known', async () => {
  await open();
  const commits = ['one', 'two', 'three'].map((message) =>
    under.web.commit({ [message]: '' }, { message: `${message}\n\nmore` }),
  );
  const [first = '', , last = ''] = commits;
  await under.release(first);
  await under.release(last);
  await deployed(1);
  const unknown = await plan(2);
  expect([unknown.commits, unknown.warnings.join()]).toEqual([
    [],
    expect.stringContaining(`since ${first} are not known`),
  ]);
  await under.git.mirror('abc/web').remote.fetch([last]);
  expect((await plan(2)).commits.map(({ subject, commit }) => [subject, commit])).toEqual([
    ['three', last],
    ['two', commits[1]],
  ]);
});

test('a rollback would go to what was desired before', async () => {
  await open();
  for (const commit of ['a', 'b', 'c']) await under.release(head(commit));
  for (const release of [1, 2, 3]) await deployed(release);
  expect((await plan(3)).rollbackTo).toBe(2);
});

test('nothing is recorded, no build is waited for, and a block counts', async () => {
  await open();
  await under.release(head('a'));
  await under.queued(under.web.commit({ 'docker/Dockerfile': 'FROM scratch\n' }));
  const call = { service: 'web', environment: 'production', target: { ...nothing, branch: 'main' }, force: false };
  expect((await failureOf(under.deploying.plan(call)))?.code).toBe('no-release');
  under.web.commit({ 'docker/Dockerfile': 'FROM scratch\nCOPY . /\n' });
  const { code, extra } = must(await failureOf(under.deploying.plan(call)));
  expect([code, extra['decision']]).toMatchObject(['no-release', { decision: 'build', buildId: null }]);
  expect(await under.store.housekeeping.load()).toMatchObject({ queued: 1 });
  const end = { status: 'failed', error: fault('container-crashed'), blocks: true } as const;
  await under.ends(await under.deploying.deploy(ticket({ release: 1 }), null), end);
  expect((await failureOf(plan(1)))?.code).toBe('release-blocked');
  expect((await plan(1, true)).release).toBe(1);
  expect(await under.store.deployments.unfinished()).toEqual([]);
});

describe('the plan of a way back', () => {
  const back = (over: { release?: number; useKept?: boolean } = {}) =>
    under.deploying.planRollback({
      ...{ service: 'web', environment: 'production', release: null, useKept: false },
      ...over,
    });
  const withVariable = async () => {
    await open({ environment: 'variables: { WHO: then }' });
    await under.release(head('a'), { runFile: fileOf('environment: [WHO]') });
    await under.release(head('b'), { runFile: fileOf('environment: [WHO]') });
    await deployed(1);
    await under.reconfigure({ environment: 'variables: { WHO: now }' });
    await deployed(2);
  };

  test('has its release, what changes on the hosts, and the variables that are not as they were', async () => {
    await withVariable();
    const { release, rollbackTo, hosts, warnings } = await back();
    expect([release, rollbackTo]).toEqual([1, 1]);
    expect(hosts[0]).toMatchObject({ action: 'replace', image: { from: imageOf('b'), to: imageOf('a') } });
    expect(hosts[0]?.parameters).toEqual([]);
    expect(warnings).toContain('other than when release 1 ran: environment.WHO was then and is now now');
  });

  test('to what was kept has the variables of then', async () => {
    await withVariable();
    const { hosts, warnings } = await back({ useKept: true });
    expect(hosts[0]?.parameters).toMatchObject([{ name: 'environment.WHO', from: 'now', to: 'then', origin: null }]);
    expect(warnings.join()).not.toContain('other than when');
  });

  test('is refused as the rollback would be, and records nothing', async () => {
    await withVariable();
    const before = (await under.store.deployments.page({ limit: 9, cursor: null })).items.length;
    expect((await failureOf(back({ release: 9 })))?.code).toBe('unknown-release');
    await back();
    expect((await under.store.deployments.page({ limit: 9, cursor: null })).items).toHaveLength(before);
    await open();
    expect((await failureOf(back()))?.code).toBe('rollback-impossible');
  });
});
