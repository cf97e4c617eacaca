import { setImmediate } from 'node:timers/promises';
import { SlipwayError, type ErrorCode } from '../../../../src/errors.js';
import type { Notice, RemoteNotifier } from '../../../../src/pipeline/report/notifier.js';
import { retrying } from '../../../../src/pipeline/report/retrying.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock } from '../../../support/manual-clock.js';
import { sampleBuild } from '../../../support/report-samples.js';

const notice = (kind: 'queued' | 'started' | 'finished', id = 'b-1'): Notice => ({ kind, build: sampleBuild({ id }) });

function receiver() {
  const reported: string[] = [];
  const failures: ErrorCode[] = [];
  /** Milliseconds from a failure to the time that the receiver names. */
  const named: number[] = [];
  const notifier: RemoteNotifier = {
    name: 'receiver',
    subject: (about) => ('build' in about ? about.build.id : null),
    async notify(about) {
      reported.push(`${about.kind} ${'build' in about ? about.build.id : ''}`);
      await setImmediate();
      const code = failures.shift();
      const pause = named.shift();
      const retryAt = pause === undefined ? null : clock.now() + pause;
      if (code) throw new SlipwayError(code, 'scripted', { retryAt });
    },
  };
  const clock = manualClock();
  const log = keptLog();
  const stop = new AbortController();
  const reliable = retrying(notifier, { clock, log, stopping: stop.signal, pauses: [10, 100] });
  const asleep = async () => {
    while (clock.sleeping.length === 0) await setImmediate();
    return clock.sleeping[0] ?? 0;
  };
  return { reliable, reported, failures, named, clock, log, stop, asleep };
}

describe('a dependable notifier', () => {
  test('repeats what failed in passing, with growing pauses', async () => {
    const { reliable, reported, failures, clock, log, asleep } = receiver();
    failures.push('notice-failed', 'notice-failed');
    const done = reliable.notify(notice('finished'));
    expect(await asleep()).toBe(10);
    clock.advance(10);
    expect(await asleep()).toBe(100);
    clock.advance(100);
    await done;
    expect(reported).toEqual(['finished b-1', 'finished b-1', 'finished b-1']);
    expect(log.lines).toEqual([]);
  });

  test('gives up in the end, logs that once, and never fails', async () => {
    const { reliable, reported, failures, clock, log, asleep } = receiver();
    failures.push('notice-failed', 'notice-failed', 'notice-failed');
    const done = reliable.notify(notice('finished'));
    clock.advance(await asleep());
    clock.advance(await asleep());
    await expect(done).resolves.toBeUndefined();
    expect(reported).toHaveLength(3);
    expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'could not deliver a notice: scripted'],
    ]);
  });

  test.each<ErrorCode>(['notice-refused', 'callback-not-allowed', 'internal'])('does not repeat %s', async (code) => {
    const { reliable, reported, failures, log } = receiver();
    failures.push(code);
    await reliable.notify(notice('finished'));
    expect(reported).toHaveLength(1);
    expect(log.lines).toHaveLength(1);
  });

  test('tells the newest state of a subject in place of an older one that failed', async () => {
    const { reliable, reported, failures, log, asleep } = receiver();
    failures.push('notice-failed');
    const first = reliable.notify(notice('started'));
    await asleep();
    await Promise.all([first, reliable.notify(notice('finished'))]);
    expect(reported).toEqual(['started b-1', 'finished b-1']);
    expect(log.lines).toEqual([]);
  });

  test('tells one thing at a time about a subject, and of those that came in the meantime the last', async () => {
    const { reliable, reported } = receiver();
    await Promise.all([
      reliable.notify(notice('queued')),
      reliable.notify(notice('started')),
      reliable.notify(notice('finished')),
    ]);
    expect(reported).toEqual(['queued b-1', 'finished b-1']);
    await reliable.notify(notice('finished'));
    expect(reported).toHaveLength(3);
  });

  test('keeps no subject waiting for another', async () => {
    const { reliable, reported, failures, asleep, clock } = receiver();
    failures.push('notice-failed');
    const first = reliable.notify(notice('finished', 'b-1'));
    await asleep();
    await reliable.notify(notice('finished', 'b-2'));
    expect(reported).toEqual(['finished b-1', 'finished b-2']);
    clock.advance(10);
    await first;
  });

  test('repeats once more without a pause, and no further, when the server stops', async () => {
    const { reliable, reported, failures, stop, log, asleep } = receiver();
    failures.push('notice-failed', 'notice-failed');
    const done = reliable.notify(notice('finished'));
    await asleep();
    stop.abort();
    await done;
    expect(reported).toHaveLength(2);
    expect(log.lines).toHaveLength(1);
  });

  test('sends nothing before the time that the receiver named, a newer notice neither', async () => {
    const { reliable, reported, failures, named, clock, asleep } = receiver();
    failures.push('notice-failed');
    named.push(2_000);
    const first = reliable.notify(notice('started'));
    expect(await asleep()).toBe(2_000);
    const second = reliable.notify(notice('finished'));
    clock.advance(1_999);
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    expect(reported).toEqual(['started b-1']);
    clock.advance(1);
    await Promise.all([first, second]);
    expect(reported).toEqual(['started b-1', 'finished b-1']);
  });

  test('keeps to its own pause where the receiver named a shorter one', async () => {
    const { reliable, reported, failures, named, clock, asleep } = receiver();
    failures.push('notice-failed');
    named.push(4);
    const done = reliable.notify(notice('finished'));
    expect(await asleep()).toBe(4);
    clock.advance(4);
    await setImmediate();
    expect(await asleep()).toBe(6);
    clock.advance(6);
    await done;
    expect(reported).toHaveLength(2);
  });
});
