import type { Deployment } from '../../../../src/model/deployment.js';
import { awaitBuild } from '../../../../src/pipeline/deploy/await-build.js';
import { claim, head, newBuild, noRunFile, queue, success } from '../../../contracts/store-samples.js';
import { must } from '../../../support/app.js';
import { openDeploying, ticket, type DeploySetting, type TestDeploying } from '../../../support/deploying.js';
import { keptRunFile } from '../../../support/effective.js';

let under: TestDeploying;
let commit: string;
/** A ticket for the head of main, which is being built. */
async function waiting(setting: DeploySetting = {}): Promise<string> {
  under = await openDeploying(setting);
  commit = under.web.commit({ 'docker/Dockerfile': 'FROM scratch\nCOPY . /\n' });
  await under.queued(commit);
  return (await under.deploying.deploy(ticket({ branch: 'main' }), null)).id;
}
afterEach(() => under.close());

const deploymentOf = async (id: string): Promise<Deployment> => must(await under.store.deployments.get(id));
async function step(id: string) {
  const { build, ...rest } = await deploymentOf(id);
  const result = await awaitBuild({ ...rest, build: must(build) }, under.deps);
  return { result, after: await deploymentOf(id) };
}

/** Ends the build that waits, well. */
async function built(runFile = noRunFile) {
  const claimed = must(await claim(under.store));
  await under.store.queue.progress(claimed, { wasHead: true });
  const image = { repository: 'web', digest: 'sha256:1', tags: ['1.0-1-aaaaaaa'] };
  await under.store.queue.finish(claimed, success(image, null, runFile), 1, []);
}

test('nothing changes while the build waits or runs', async () => {
  const id = await waiting();
  const before = await deploymentOf(id);
  expect(await step(id)).toEqual({ result: 'waiting', after: before });
  await claim(under.store);
  expect(await step(id)).toEqual({ result: 'waiting', after: before });
});

test('once the build has succeeded, the deployment has its release, specification and warnings', async () => {
  const id = await waiting({ deploy: 'verify: { path: /version, port: 80 }' });
  await built();
  const { result, after } = await step(id);
  expect([result, after]).toMatchObject([
    'released',
    { status: 'pending', release: { number: 1, commit, tag: '1.0-1-aaaaaaa', digest: 'sha256:1' } },
  ]);
  expect(after.warnings).toEqual(['no run file: everything has its default']);
  expect(await under.store.deployments.specification(id)).toMatchObject({ image: 'registry.abc.net/web@sha256:1' });
  expect(under.happened.at(-1)).toMatchObject({ type: 'deployment', id, status: 'pending' });
});

test.each<['failed' | 'canceled', string]>([
  ['failed', 'COPY failed'],
  ['canceled', 'is canceled'],
])('a build that is %s ends it with no-release', async (status, message) => {
  const id = await waiting();
  const claimed = must(await claim(under.store));
  const error = { code: 'dockerfile-step-failed', message: 'COPY failed', step: null, blame: 'dockerfile' } as const;
  await under.store.queue.finish(claimed, status === 'failed' ? { status, error } : { status }, 1, []);
  const { result, after } = await step(id);
  expect([result, after]).toMatchObject([
    'ended',
    { status: 'failed', error: { code: 'no-release', message: expect.stringContaining(message), host: null } },
  ]);
  expect(under.happened.at(-1)).toMatchObject({ type: 'deployment', id, status: 'failed' });
});

test('a build that the branch left behind is waited for no longer: that of the new head is', async () => {
  const id = await waiting();
  const next = newBuild({ service: 'web', repository: 'abc/web', branch: 'main', commit: head('b') });
  await queue(under.store, next);
  expect((await under.store.builds.page({ limit: 9, cursor: null, status: 'superseded' })).items).toHaveLength(1);
  expect((await step(id)).result).toBe('waiting');
  await built();
  expect((await step(id)).after).toMatchObject({ release: { commit: head('b') } });
});

test('faults of the run file end it, all of them', async () => {
  const id = await waiting();
  await built(keptRunFile('services: {web: {privileged: true, environment: [MISSING]}}\n'));
  const { result, after } = await step(id);
  expect([result, after.error]).toMatchObject([
    'ended',
    { code: 'run-file-not-allowed', blame: 'run-file', faults: [{ code: 'run-file-not-allowed' }, {}] },
  ]);
});

test.each<[string, DeploySetting, string]>([
  [
    'it is not verified in the environment that comes before',
    { environment: 'requires: staging' },
    'release-not-verified',
  ],
  ['a variable went in the meantime', {}, 'variable-missing'],
])('it ends if %s', async (_, setting, code) => {
  const id = await waiting(setting);
  await built(keptRunFile('services: {web: {environment: [WHO]}}\n'));
  expect((await step(id)).after).toMatchObject({ status: 'failed', error: { code } });
});

test('it ends if the service has left the environment', async () => {
  const id = await waiting();
  await built();
  const gone = { ...under.deps, services: () => new Map() };
  const { build, ...rest } = await deploymentOf(id);
  expect(await awaitBuild({ ...rest, build: must(build) }, gone)).toBe('ended');
  expect((await deploymentOf(id)).error).toMatchObject({ code: 'unknown-service' });
});

test('what passes by itself is left for another time', async () => {
  const id = await waiting();
  await built();
  const reading = { runFile: () => Promise.reject(new Error('the thread is gone')) };
  const { build, ...rest } = await deploymentOf(id);
  const asked = awaitBuild({ ...rest, build: must(build) }, { ...under.deps, reading });
  await expect(asked).rejects.toThrow('the thread is gone');
  expect((await deploymentOf(id)).status).toBe('pending');
});
