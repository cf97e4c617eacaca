import type { Step } from '../../../src/model/build.js';
import { buildSpanOf, contextOf, deploymentSpanOf, formatTraceparent, newTrace } from '../../../src/trace-context.js';
import { buildSpans } from '../../../src/tracing/build-spans.js';
import { deploymentSpans } from '../../../src/tracing/deployment-spans.js';
import { sampleBuild, sampleDeployment } from '../../support/report-samples.js';

const parent = newTrace();
const traceparent = formatTraceparent(parent);
const elsewhere = newTrace();

const step = (name: string, from: number, to: number | null, more: Partial<Step> = {}): Step => ({
  ...{ name, kind: 'slipway', startedAt: from, finishedAt: to, cached: false, reused: false, line: null },
  dockerfile: null,
  ...more,
});

const ended = sampleBuild({ traceparent, status: 'succeeded', queuedAt: 1_000, startedAt: 3_000, finishedAt: 9_000 });

describe('a build', () => {
  test('has its time in the queue and its steps; those of the engine belong to the step around them', () => {
    const inner = { kind: 'dockerfile', cached: true } as const;
    const steps = [
      step('fetch', 3_000, 4_000),
      step('build', 4_000, 8_000),
      step('[1/1] COPY . /', 5_000, 6_000, inner),
    ];
    const spans = buildSpans({ ...ended, steps: [...steps, step('publish', 8_000, null)] }, null);
    const names = new Map(spans.map(({ context, name }) => [context.spanId, name]));
    expect(spans.map(({ name, parent: above, from, to }) => [name, names.get(above ?? ''), from, to])).toEqual([
      ['build app', undefined, 1_000, 9_000],
      ['queue wait', 'build app', 1_000, 3_000],
      ['fetch', 'build app', 3_000, 4_000],
      ['build', 'build app', 4_000, 8_000],
      ['[1/1] COPY . /', 'build', 5_000, 6_000],
      ['publish', 'build app', 8_000, 9_000],
    ]);
    expect(spans[0]).toMatchObject({ parent: parent.spanId, context: { traceId: parent.traceId } });
    expect(spans[4]?.attributes).toMatchObject({ 'slipway.step.kind': 'dockerfile', 'slipway.step.cached': true });
    expect(new Set(spans.map(({ context }) => context.spanId)).size).toBe(spans.length);
  });

  test('that failed names its code alone, at the last step of that name', () => {
    const error = {
      code: 'dockerfile-step-failed',
      message: 'password=hunter2',
      step: 'RUN x',
      blame: 'dockerfile',
    } as const;
    const steps = [step('RUN x', 3_000, 4_000), step('RUN x', 4_000, 5_000)];
    const spans = buildSpans({ ...ended, status: 'failed', error, steps }, null);
    expect(spans.map((span) => span.error)).toEqual(['dockerfile-step-failed', null, null, 'dockerfile-step-failed']);
    expect(JSON.stringify(spans)).not.toContain('hunter2');
    expect(spans[0]?.attributes).toMatchObject({
      'error.type': 'dockerfile-step-failed',
      'cicd.pipeline.result': 'failure',
    });
  });

  test('that never began waited to its end', () => {
    const spans = buildSpans({ ...ended, status: 'superseded', startedAt: null }, null);
    expect(spans.map(({ name, to }) => [name, to])).toEqual([
      ['build app', 9_000],
      ['queue wait', 9_000],
    ]);
  });

  test('is linked to a delivery of another trace, and not to one of its own', () => {
    expect(buildSpans(ended, elsewhere)[0]?.links).toEqual([elsewhere]);
    expect(buildSpans(ended, parent)[0]?.links).toEqual([]);
  });

  test('of a git tag says so', () => {
    expect(buildSpans({ ...ended, branch: 'refs/tags/v1' }, null)[0]?.attributes).toMatchObject({
      'vcs.ref.head.name': 'v1',
      'vcs.ref.head.type': 'tag',
    });
  });

  test('has a bounded number of spans', () => {
    const steps = Array.from({ length: 5_000 }, (_, index) => step(`step ${index}`, 3_000, 4_000));
    expect(buildSpans({ ...ended, steps }, null)).toHaveLength(502);
  });

  test('has none if it goes on, belongs to no trace, or its trace cannot be read', () => {
    expect(buildSpans({ ...ended, finishedAt: null }, null)).toEqual([]);
    expect(buildSpans({ ...ended, traceparent: undefined }, elsewhere)).toEqual([]);
    expect(buildSpans({ ...ended, traceparent: 'what' }, elsewhere)).toEqual([]);
  });
});

describe('a deployment', () => {
  const done = sampleDeployment({ traceparent });

  test('has the time it waited and its steps on each host', () => {
    const steps = [
      { name: 'pull', host: 'a', startedAt: 2_000, finishedAt: 2_500 },
      { name: 'start', host: 'a', startedAt: 2_500, finishedAt: 3_000, failed: true },
    ];
    const error = { code: 'container-crashed', message: 'hunter2', host: 'a', blame: 'service', faults: [] } as const;
    const spans = deploymentSpans({ ...done, status: 'failed', error, steps }, elsewhere);
    expect(spans.map(({ name, from, to, error: code }) => [name, from, to, code])).toEqual([
      ['deployment app', 1_000, 3_000, 'container-crashed'],
      ['queue wait', 1_000, 2_000, null],
      ['pull', 2_000, 2_500, null],
      ['start', 2_500, 3_000, 'container-crashed'],
    ]);
    expect(spans[2]?.attributes).toMatchObject({ 'host.name': 'a' });
    expect(spans[0]).toMatchObject({ parent: parent.spanId, links: [elsewhere] });
    expect(JSON.stringify(spans)).not.toContain('hunter2');
  });

  test('that begins its trace is the first span of it', () => {
    const own = deploymentSpanOf(done);
    const first = own && formatTraceparent(own);
    expect(deploymentSpans({ ...done, traceparent: first ?? '' }, null)[0]).toMatchObject({
      parent: null,
      context: own,
    });
  });
});

test('the row of a build names its span', () => {
  expect(buildSpanOf(ended)).toEqual(buildSpans(ended, null)[0]?.context);
  expect(contextOf(traceparent)).toEqual(parent);
});
