import type { Blame } from '../../../../src/errors.js';
import type { BuildStatus } from '../../../../src/model/build.js';
import type { Deployment } from '../../../../src/model/deployment.js';
import { releaseOf, statusOfDeployment } from '../../../../src/pipeline/notify/github/deployment-status.js';
import type { Standing } from '../../../../src/pipeline/notify/github/standing.js';
import {
  isSkippedPush,
  shortened,
  statusOfBuild,
  statusOfSkip,
} from '../../../../src/pipeline/notify/github/status.js';
import { summaryOf } from '../../../../src/pipeline/notify/github/summary.js';
import { planSentence } from '../../../../src/model/pull-request.js';
import { sampleBuild, sampleDecision, sampleDeployment } from '../../../support/report-samples.js';

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
    expect(statusOfBuild(sampleBuild({ status, error: blame && failure(blame) }))).toMatchObject({ state });
  });

  test('says why it is built, or what failed, in the words of the API, and leads to its page', () => {
    expect(statusOfBuild(sampleBuild({ status: 'succeeded' }))).toEqual({
      ...{ state: 'success', description: '2 paths changed.', path: '/builds/b-1' },
    });
    expect(statusOfBuild(sampleBuild({ status: 'failed', error: failure('dockerfile') })).description).toBe(
      'It failed.',
    );
  });
});

describe('a description', () => {
  test('shows what would turn the direction of writing', () => {
    expect(shortened('a\u202e\n\u009bb')).toBe('a\\u202e \\u009bb');
  });

  test('is cut to the 140 characters that GitHub takes, never through a character', () => {
    const description = shortened(`a\nb${'😀'.repeat(200)}`);
    expect([...description]).toHaveLength(140);
    expect(description).toMatch(/^a b(😀)+…$/u);
  });
});

describe('the commit status of a decision', () => {
  test('to skip a push is a success with the reason, and leads to the page that says why', () => {
    expect(isSkippedPush(sampleDecision())).toBe(true);
    expect(statusOfSkip(sampleDecision())).toEqual({
      state: 'success',
      description: 'Only excluded paths changed.',
      path: `/services/app/why/${sampleDecision().head}`,
    });
  });

  test.each([
    ['to build', { decision: 'build' as const }],
    ['of a sweep', { trigger: { kind: 'sweep' as const, deliveryId: null, by: null } }],
    ['without a head', { head: null }],
  ])('%s does not exist', (_what, more) => {
    expect(isSkippedPush(sampleDecision(more))).toBe(false);
  });
});

describe('the commit status of a deployment', () => {
  const statusOf = (more: Partial<Deployment>) => {
    const deployment = sampleDeployment(more);
    const release = releaseOf(deployment);
    return release && statusOfDeployment(deployment, release);
  };
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
    [{ status: 'failed', error: { ...error, blame: 'host' } }, 'error', 'It crashed.'],
    [{ status: 'superseded', warnings }, 'error', 'Release 1 was superseded by deployment d-2.'],
  ])('%j is %s', (more, state, description) => {
    expect(statusOf(more)).toEqual({ state, description, path: '/deployments/d-1' });
  });

  test.each<[string, Partial<Deployment>]>([
    ['of a kind that changes no release', { kind: 'restart' }],
    ['that waits for a build', { release: null }],
  ])('%s does not exist', (_what, more) => {
    expect(statusOf(more)).toBeNull();
  });
});

describe('the summary of a commit', () => {
  const standing = (service: string, over: Partial<Standing> = {}): Standing => ({
    ...{ service, state: 'nothing to build', status: 'success', sentence: 'No path of it.' },
    ...{ path: `/services/${service}/why/1`, build: null },
    ...over,
  });
  const failed = (service: string): Standing =>
    standing(service, { state: 'failed', status: 'failure', path: `/builds/${service}` });
  const summary = (...standings: Standing[]) => summaryOf('abc/app', '1', standings);

  test('of one service is that of the service', () => {
    expect(summary(standing('shop'))).toEqual({
      ...{ state: 'success', description: 'shop: No path of it.', path: '/services/shop/why/1' },
    });
  });

  test('counts, names what failed, and leads to the only failure', () => {
    const built = standing('built', { state: 'built' });
    const running = standing('running', { state: 'running', status: 'pending' });
    expect(summary(standing('a'), standing('b'), built, running, failed('cart'))).toEqual({
      state: 'failure',
      description: '1 failed (cart), 1 building, 1 built, 2 nothing to build',
      ...{ path: '/builds/cart', goesOn: true },
    });
  });

  test('names three of many, and leads to the deliveries of the commit', () => {
    expect(summary(...['a', 'b', 'c', 'd', 'e'].map(failed))).toMatchObject({
      description: '5 failed (a, b, c and 2 more)',
      path: '/deliveries?repository=abc%2Fapp&commit=1',
    });
  });

  test('waits as long as something does, unless it has failed already', () => {
    const waiting = standing('w', { state: 'queued', status: 'pending' });
    expect(summary(standing('a'), waiting).state).toBe('pending');
    expect(summary(standing('a'), waiting, standing('c', { state: 'canceled', status: 'error' })).state).toBe('error');
    expect(summary(standing('a'), standing('b')).state).toBe('success');
  });
});

test('the sentence of a plan names what it would rebuild', () => {
  const skip = sampleDecision();
  const builds = ['a', 'b', 'c', 'd'].map((service) => sampleDecision({ service, decision: 'build' }));
  expect(planSentence([skip])).toBe('Would rebuild nothing of 1 service.');
  expect(planSentence([skip, ...builds.slice(0, 1)])).toBe('Would rebuild 1 of 2 services: a.');
  expect(planSentence([skip, ...builds])).toBe('Would rebuild 4 of 5 services: a, b, c and 1 more.');
});
