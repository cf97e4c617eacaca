import type { Blame } from '../../../src/errors.js';
import type { BuildStatus } from '../../../src/model/build.js';
import type { Deployment } from '../../../src/model/deployment.js';
import { commitStatus, createGithubStatus } from '../../../src/pipeline/report/github-status.js';
import type { Notice } from '../../../src/pipeline/report/notifier.js';
import { Secret } from '../../../src/secret.js';
import { scriptedServer, type ScriptedAnswer, type ScriptedServer } from '../../support/scripted-server.js';
import { sampleBuild, sampleDecision, sampleDeployment } from '../../support/report-samples.js';

const finished = (more: Parameters<typeof sampleBuild>[0]): Notice => ({ kind: 'finished', build: sampleBuild(more) });
const failure = (blame: Blame, message = 'It failed.') =>
  ({ code: 'dockerfile-step-failed', message, step: null, blame }) as const;

describe('the commit status of a build', () => {
  test.each<[BuildStatus, Blame | null, string]>([
    ['queued', null, 'pending'],
    ['running', null, 'pending'],
    ['succeeded', null, 'success'],
    ['superseded', null, 'success'],
    ['failed', 'dockerfile', 'failure'],
    ['failed', 'source', 'failure'],
    ['failed', 'engine', 'error'],
    ['failed', 'registry', 'error'],
    ['failed', 'slipway', 'error'],
    ['canceled', null, 'error'],
  ])('that is %s (blame: %s) is %s', (status, blame, state) => {
    expect(commitStatus(finished({ status, error: blame && failure(blame) }))).toMatchObject({ state });
  });

  test('says why it is built, or what failed, in the words of the API', () => {
    expect(commitStatus(finished({ status: 'succeeded' }))?.description).toBe('2 paths changed.');
    expect(commitStatus(finished({ status: 'failed', error: failure('dockerfile') }))?.description).toBe('It failed.');
  });

  test('shows what would turn the direction of writing', () => {
    const description = commitStatus(finished({ error: failure('source', 'a\u202e\n\u009bb') }))?.description;
    expect(description).toBe('a\\u202e \\u009bb');
  });

  test('is cut to the 140 characters that GitHub takes, never through a character', () => {
    const description = commitStatus(finished({ error: failure('engine', `a\nb${'😀'.repeat(200)}`) }))?.description;
    expect([...(description ?? '')]).toHaveLength(140);
    expect(description).toMatch(/^a b(😀)+…$/u);
  });
});

describe('the commit status of a decision', () => {
  const decided = (more: Parameters<typeof sampleDecision>[0]): Notice => ({
    kind: 'decided',
    decision: sampleDecision(more),
    repository: 'abc/app',
  });

  test('to skip a push is a success with the reason', () => {
    expect(commitStatus(decided({}))).toMatchObject({
      state: 'success',
      context: 'slipway/app',
      description: 'Only excluded paths changed.',
      path: '/api/v1/deliveries/d-1',
    });
  });

  test.each([
    ['to build', { decision: 'build' as const }],
    ['of a sweep', { trigger: { kind: 'sweep' as const, deliveryId: null, by: null } }],
    ['without a head', { head: null }],
  ])('%s does not exist', (_what, more) => {
    expect(commitStatus(decided(more))).toBeNull();
  });
});

describe('the commit status of a deployment', () => {
  const told = (more: Partial<Deployment>, repository: string | null = 'abc/app') =>
    commitStatus({ kind: 'deployed', deployment: sampleDeployment(more), repository });
  const error = { code: 'container-crashed', message: 'It crashed.', host: 'a', blame: 'service', faults: [] } as const;
  const warnings = ['superseded by deployment d-2'];

  test.each<[Partial<Deployment>, string, string]>([
    [{ status: 'pending' }, 'pending', 'Release 1 waits to be deployed in production.'],
    [{ status: 'running' }, 'pending', 'Release 1 is being deployed in production.'],
    [{ status: 'succeeded', kind: 'rollback' }, 'success', 'Release 1 was deployed in production.'],
    [{ status: 'failed', error }, 'failure', 'It crashed.'],
    [{ status: 'rolled-back', error }, 'failure', 'Rolled back: It crashed.'],
    [{ status: 'rolled-back' }, 'error', 'Release 1 was canceled, and what ran before is back.'],
    [{ status: 'canceled' }, 'error', 'Release 1 was canceled.'],
    [{ status: 'superseded', warnings }, 'error', 'Release 1 was superseded by deployment d-2.'],
  ])('%j is %s', (more, state, description) => {
    expect(told(more)).toEqual({
      ...{ repository: 'abc/app', sha: sampleDeployment().release?.commit, context: 'slipway/production/app' },
      ...{ state, description, path: '/api/v1/deployments/d-1' },
    });
  });

  test.each<[string, Partial<Deployment>, string | null]>([
    ['of a kind that changes no release', { kind: 'restart' }, 'abc/app'],
    ['that waits for a build', { release: null }, 'abc/app'],
    ['of a service that is gone', {}, null],
  ])('%s does not exist', (_what, more, repository) => {
    expect(told(more, repository)).toBeNull();
  });
});

describe('GitHub', () => {
  let server: ScriptedServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  const requestsFor = async (answer: ScriptedAnswer, publicUrl: string | null = 'https://images.test/') => {
    server = await scriptedServer(() => answer);
    const token = new Secret('ghp_geheim');
    await createGithubStatus({ apiUrl: `http://${server.host}/api/v3/`, token, publicUrl, fetch }).notify(
      finished({ status: 'succeeded' }),
    );
    return server.requests;
  };

  test('receives one POST with the token', async () => {
    const [request] = await requestsFor({ status: 201 });
    expect(request).toMatchObject({
      method: 'POST',
      path: `/api/v3/repos/abc/app/statuses/${sampleBuild().commit}`,
      headers: { authorization: 'Bearer ghp_geheim', 'content-type': 'application/json' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      state: 'success',
      context: 'slipway/app',
      description: '2 paths changed.',
      target_url: 'https://images.test/api/v1/builds/b-1',
    });
  });

  test('gets no link where Slipway has no public address', async () => {
    const [request] = await requestsFor({ status: 201 }, null);
    expect(JSON.parse(request?.body ?? '')).not.toHaveProperty('target_url');
  });

  test.each<[number, Record<string, string>, string]>([
    [500, {}, 'notice-failed'],
    [429, {}, 'notice-failed'],
    [403, { 'x-ratelimit-remaining': '0' }, 'notice-failed'],
    [403, { 'retry-after': '60' }, 'notice-failed'],
    [403, {}, 'notice-refused'],
    [401, {}, 'notice-refused'],
    [404, {}, 'notice-refused'],
    [422, {}, 'notice-refused'],
  ])('that answers %i with %j is %s', async (status, headers, code) => {
    await expect(requestsFor({ status, headers })).rejects.toMatchObject({ code });
  });
});
