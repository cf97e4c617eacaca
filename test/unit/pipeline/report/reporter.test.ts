import { setImmediate } from 'node:timers/promises';
import type { Notice, Notifier } from '../../../../src/pipeline/report/notifier.js';
import { createNotifiers } from '../../../../src/pipeline/report/notifiers.js';
import { createReporter } from '../../../../src/pipeline/report/reporter.js';
import { Secret } from '../../../../src/secret.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock } from '../../../support/manual-clock.js';
import { sampleBuild, sampleDecision } from '../../../support/report-samples.js';

const keeping = (notices: Notice[]): Notifier => ({
  name: 'keeping',
  notify: async (notice) => void notices.push(notice),
});
const until = async (isTrue: () => boolean) => {
  for (let turn = 0; turn < 1_000 && !isTrue(); turn += 1) await setImmediate();
};
const repositoryOf = (service: string) => (service === 'app' ? 'abc/app' : null);

describe('a report', () => {
  test('names what happened to a build by its status', async () => {
    const notices: Notice[] = [];
    const reporter = createReporter({ notifiers: [keeping(notices)], repositoryOf, log: keptLog() });
    for (const status of ['queued', 'running', 'succeeded', 'failed', 'canceled', 'superseded'] as const)
      reporter.changed(sampleBuild({ status }));
    await reporter.settled();
    expect(notices.map(({ kind }) => kind)).toEqual([
      'queued',
      'started',
      'finished',
      'finished',
      'finished',
      'finished',
    ]);
  });

  test('tells decisions with their repository, and leaves out services that are configured no longer', async () => {
    const notices: Notice[] = [];
    const reporter = createReporter({ notifiers: [keeping(notices)], repositoryOf, log: keptLog() });
    reporter.decided([sampleDecision(), sampleDecision({ service: 'gone' })]);
    await reporter.settled();
    expect(notices).toEqual([{ kind: 'decided', decision: sampleDecision(), repository: 'abc/app' }]);
  });

  test('fails nobody where a notifier fails, and tells the others', async () => {
    const notices: Notice[] = [];
    const log = keptLog();
    const failing: Notifier = { name: 'failing', notify: () => Promise.reject(new Error('broken')) };
    const reporter = createReporter({ notifiers: [failing, keeping(notices)], repositoryOf, log });
    reporter.changed(sampleBuild());
    await reporter.settled();
    expect(notices).toHaveLength(1);
    expect(log.lines).toMatchObject([{ level: 'warn', bindings: { notifier: 'failing' } }]);
  });
});

describe('the notifiers', () => {
  const notifiers = (token: Secret | null, log = keptLog()) =>
    createNotifiers({
      github: { apiUrl: 'https://api.test', token },
      publicUrl: null,
      allowedHosts: () => [],
      render: (build) => build,
      renderDeployment: (deployment) => deployment,
      fetch,
      clock: manualClock(),
      log,
      stopping: new AbortController().signal,
    });

  test('are the log, GitHub where there is a token, and the callback', () => {
    expect(notifiers(new Secret('t')).map(({ name }) => name)).toEqual(['log-line', 'github-status', 'callback']);
    expect(notifiers(null).map(({ name }) => name)).toEqual(['log-line', 'callback']);
  });

  test.each<[number, Record<string, string>, number]>([
    [403, { 'retry-after': '2' }, 2_000],
    [429, { 'x-ratelimit-reset': '1700000003' }, 3_000],
    [503, { 'retry-after': 'Tue, 14 Nov 2023 22:13:24 GMT' }, 4_000],
  ])('send GitHub nothing before the time that it names (%i, %j)', async (status, headers, pause) => {
    const sent: number[] = [];
    const clock = manualClock();
    const began = clock.now();
    const [github] = createNotifiers({
      github: { apiUrl: 'https://api.test', token: new Secret('t') },
      publicUrl: null,
      allowedHosts: () => [],
      render: (build) => build,
      renderDeployment: (deployment) => deployment,
      fetch: async () => {
        sent.push(clock.now() - began);
        return sent.length === 1 ? new Response(null, { status, headers }) : new Response(null, { status: 201 });
      },
      clock,
      log: keptLog(),
      stopping: new AbortController().signal,
    }).filter(({ name }) => name === 'github-status');
    const tell = async (id: string, service: string, kind: 'queued' | 'started') =>
      github?.notify({ kind, build: sampleBuild({ id, service }) });
    const told = [tell('b-1', 'app', 'queued')];
    await until(() => clock.sleeping.length === 1);
    told.push(tell('b-1', 'app', 'started'), tell('b-2', 'other', 'queued'));
    await until(() => clock.sleeping.length === 2);
    clock.advance(pause - 1);
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    expect(sent).toEqual([0]);
    clock.advance(1);
    await Promise.all(told);
    expect(sent).toEqual([0, pause, pause]);
  });

  const digest = `sha256:${'0'.repeat(64)}`;
  const error = { code: 'dockerfile-step-failed', message: 'RUN failed.', step: 'RUN x', blame: 'dockerfile' } as const;
  test.each<[string, Notice, string, string, object]>([
    [
      'a decision',
      { kind: 'decided', decision: sampleDecision(), repository: 'abc/app' },
      'info',
      'skip: Only excluded paths changed.',
      { service: 'app', reason: 'only-excluded-paths-changed', delivery: 'd-1' },
    ],
    [
      'a queued build',
      { kind: 'queued', build: sampleBuild() },
      'info',
      'build queued: 2 paths changed.',
      { build: 'b-1' },
    ],
    [
      'a finished build',
      {
        kind: 'finished',
        build: sampleBuild({
          status: 'succeeded',
          outcome: 'built',
          image: { repository: 'abc/app', digest, tags: ['1.0-1-7e56158'] },
          startedAt: 1_000,
          finishedAt: 1_250,
        }),
      },
      'info',
      'build succeeded: built',
      { digest, ms: 250 },
    ],
    [
      'a failed build',
      { kind: 'finished', build: sampleBuild({ status: 'failed', error }) },
      'warn',
      'build failed: RUN failed.',
      { error: 'dockerfile-step-failed', step: 'RUN x', blame: 'dockerfile' },
    ],
  ])('write one log line for %s', async (_what, notice, level, message, bindings) => {
    const log = keptLog();
    for (const notifier of notifiers(null, log)) await notifier.notify(notice);
    expect(log.lines).toMatchObject([{ level, message, bindings }]);
  });
});
