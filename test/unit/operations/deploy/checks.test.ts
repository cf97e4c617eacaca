import type { DeployCall } from '../../../../src/operations/deploy/contract.js';
import { createDeploying } from '../../../../src/operations/deploy/deploying.js';
import { fault } from '../../../contracts/store-deployment-samples.js';
import { head } from '../../../contracts/store-samples.js';
import { must } from '../../../support/app.js';
import { openDeploying, ticket, type DeploySetting, type TestDeploying } from '../../../support/deploying.js';
import { keptRunFile } from '../../../support/effective.js';
import { failureOf } from '../../../support/failure-of.js';

let under: TestDeploying;
const open = async (setting?: DeploySetting) => {
  under = await openDeploying(setting);
};
afterEach(() => under.close());

const ask = (over: Partial<DeployCall> = {}) => under.deploying.deploy(ticket({ release: 1 }, over), null);
const codeOf = async (over: Partial<DeployCall> = {}) => (await failureOf(ask(over)))?.code ?? null;

test.each<[string, Partial<DeployCall>, string]>([
  ['a service that is not configured', { service: 'webb' }, 'unknown-service'],
  ['an environment that is not configured', { environment: 'prod' }, 'unknown-environment'],
  ['a service that is not deployed there', { service: 'staged' }, 'service-not-in-environment'],
  ['a callback to anybody', { callbackUrl: 'http://evil.test/' }, 'callback-not-allowed'],
])('%s is refused', async (_, over, code) => {
  await open();
  await under.release(head('a'));
  expect(await codeOf(over)).toBe(code);
  expect(await under.store.deployments.unfinished()).toEqual([]);
});

test('what is asked for is kept', async () => {
  await open();
  await under.release(head('a'));
  const wishes = { reference: 'T-1', reason: 'why', adopt: ['old-web'], callbackUrl: 'http://ci.abc.net/done' };
  expect(await ask(wishes)).toMatchObject({ ...wishes, force: false, only: null, useKept: false, removes: false });
});

test('the specification is kept with the settings of now, secrets included', async () => {
  await open({
    environment: 'variables: { PASSWORD: "${PW}" }',
    deploy: 'verify: { path: /version, port: 80 }',
    variables: { PW: 'pa55word' },
  });
  await under.release(head('a'), { runFile: keptRunFile('services: {web: {environment: [PASSWORD]}}\n') });
  const asked = await ask();
  await under.reconfigure({ environment: 'variables: { PASSWORD: other }' });
  expect(await under.store.deployments.specification(asked.id)).toMatchObject({
    image: `registry.abc.net/web@sha256:${'a'.repeat(64)}`,
    parameters: { environment: { PASSWORD: { value: 'pa55word', secret: true } } },
    verify: { path: '/version', port: 80 },
    secretVerifyKeys: [],
    publish: { a: null, b: '127.0.0.2' },
  });
  expect(JSON.stringify(asked)).not.toContain('pa55word');
  expect(asked.warnings).toEqual([]);
});

test('it warns that there is no run file, and that the version is not asked', async () => {
  await open();
  await under.release(head('a'));
  expect((await ask()).warnings).toEqual([
    'no run file: everything has its default',
    expect.stringContaining('version-not-asked'),
  ]);
});

test('all faults of a run file answer the call', async () => {
  await open();
  const file = 'services:\n  web:\n    privileged: true\n    environment: [MISSING]\n';
  await under.release(head('a'), { runFile: keptRunFile(file) });
  const { code, extra } = must(await failureOf(ask()));
  expect([code, extra['faults']]).toMatchObject([
    'run-file-not-allowed',
    [{ code: 'run-file-not-allowed' }, { code: 'variable-missing' }],
  ]);
  expect(await under.store.deployments.unfinished()).toEqual([]);
});

describe('a release that failed there', () => {
  beforeEach(async () => {
    await open();
    await under.release(head('a'));
    await under.ends(await ask(), { status: 'failed', error: fault('version-mismatch'), blocks: true });
  });

  test('is blocked until somebody insists', async () => {
    const { code, message } = must(await failureOf(ask()));
    expect([code, message]).toEqual(['release-blocked', expect.stringContaining('version-mismatch')]);
    expect(await codeOf({ force: true })).toBeNull();
  });

  test('may be deployed elsewhere', async () => {
    expect(await codeOf({ environment: 'staging' })).toBeNull();
  });
});

test('a release has to be verified in the environment that comes before, and no force helps', async () => {
  await open({ environment: 'requires: staging' });
  await under.release(head('a'));
  expect(await codeOf()).toBe('release-not-verified');
  expect(await codeOf({ force: true })).toBe('release-not-verified');
  await under.ends(await ask({ environment: 'staging' }));
  expect(await codeOf()).toBeNull();
});

test('the same key is answered with the same deployment, and refuses another request', async () => {
  await open();
  await under.release(head('a'));
  await under.release(head('b'));
  const { deploying } = under;
  const [one, other] = await Promise.all([1, 1].map((release) => deploying.deploy(ticket({ release }), 'k')));
  expect(other?.id).toBe(one?.id);
  expect((await failureOf(deploying.deploy(ticket({ release: 2 }), 'k')))?.code).toBe('idempotency-conflict');
  expect((await deploying.deploy(ticket({ release: 1 }), null)).id).not.toBe(one?.id);
});

test('a refused call leaves its key for the corrected one', async () => {
  await open();
  await under.release(head('a'));
  expect((await failureOf(under.deploying.deploy(ticket({ release: 2 }), 'k')))?.code).toBe('unknown-release');
  expect((await under.deploying.deploy(ticket({ release: 1 }), 'k')).release?.number).toBe(1);
});

test('ids are short, fit into names of containers, and differ although chance repeats itself', async () => {
  await open();
  await under.release(head('a'));
  const deploying = createDeploying({ ...under.deps, random: () => 0.5 });
  const ids = [
    await deploying.deploy(ticket({ release: 1 }), null),
    await deploying.deploy(ticket({ release: 1 }), null),
  ];
  for (const { id } of ids) expect(id).toMatch(/^[a-z0-9]{9}$/);
  expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
});

test('listeners hear of it, and of what it supersedes', async () => {
  await open();
  await under.release(head('a'));
  const first = await ask();
  const second = await ask();
  const heard = under.happened.flatMap((event) => (event.type === 'deployment' ? [[event.id, event.status]] : []));
  expect(heard).toEqual([
    [first.id, 'pending'],
    [first.id, 'superseded'],
    [second.id, 'pending'],
  ]);
});
