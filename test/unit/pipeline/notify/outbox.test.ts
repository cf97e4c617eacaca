import { setImmediate } from 'node:timers/promises';
import { createEvents } from '../../../../src/events.js';
import { SlipwayError, type ErrorCode } from '../../../../src/errors.js';
import { createOutbox } from '../../../../src/pipeline/notify/outbox/outbox.js';
import type { Receiver } from '../../../../src/pipeline/notify/outbox/receiver.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock, type ManualClock } from '../../../support/manual-clock.js';
import { sampleBuild } from '../../../support/report-samples.js';
import { openTempStore, type TempStore } from '../../../support/store.js';
import type { Build } from '../../../../src/model/build.js';

let temp: TempStore;
let clock: ManualClock;
let stop: AbortController;
let running: Promise<void>;
const counted: string[] = [];
const log = keptLog();
beforeEach(async () => {
  clock = manualClock();
  temp = await openTempStore({ clock });
  stop = new AbortController();
  running = Promise.resolve();
  counted.length = log.lines.length = 0;
});
afterEach(async () => {
  stop.abort();
  await running;
  await temp.close();
});

/** A receiver of builds, one subject for each; fails as the test says. */
function receiver(name = 'them') {
  const delivered: string[] = [];
  const failures: (ErrorCode | { readonly code: ErrorCode; readonly pauseMs: number })[] = [];
  const its: Receiver = {
    kind: 'webhook',
    owns: (receiverName) => receiverName === name,
    noticesOf: async (change) =>
      change.kind === 'build'
        ? [{ receiver: name, subject: change.build.id, item: '', body: change.build.status, dueAt: clock.now() }]
        : [],
    async deliver(subject, notices) {
      const failure = failures.shift();
      delivered.push(`${subject} ${notices.map(({ body }) => body).join('+')}${failure === undefined ? '' : ' ✕'}`);
      if (failure === undefined) return 'delivered';
      const { code, pauseMs = null } = typeof failure === 'string' ? { code: failure } : failure;
      throw new SlipwayError(code, 'scripted', { retryAt: pauseMs === null ? null : clock.now() + pauseMs });
    },
  };
  return { delivered, failures, its };
}

function outboxOf(...receivers: readonly Receiver[]) {
  const outbox = createOutbox({
    ...{ store: temp.store, events: createEvents(), receivers: () => receivers, clock, log },
    metrics: { notice: (kind, outcome) => void counted.push(`${kind} ${outcome}`) },
  });
  const note = (more: Partial<Build> = {}) => outbox.note({ kind: 'build', build: sampleBuild(more) });
  return { note, start: () => void (running = outbox.run(stop.signal)) };
}

/** Lets all work go on that needs no time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await setImmediate();
}

test('a notice is delivered once, and forgotten', async () => {
  const { delivered, its } = receiver();
  const outbox = outboxOf(its);
  outbox.start();
  await outbox.note();
  await settle();
  expect([delivered, counted]).toEqual([['b-1 queued'], ['webhook delivered']]);
  expect(await temp.store.notices.nextDueAt([])).toBeNull();
});

test('what was noted and not delivered is delivered after a restart', async () => {
  const first = receiver();
  await outboxOf(first.its).note();
  const second = receiver();
  outboxOf(second.its).start();
  await settle();
  expect([first.delivered, second.delivered]).toEqual([[], ['b-1 queued']]);
});

test('a failure that may pass is repeated with growing pauses, and the newest state takes the place of older ones', async () => {
  const { delivered, failures, its } = receiver();
  failures.push('notice-failed', 'notice-failed');
  const outbox = outboxOf(its);
  outbox.start();
  await outbox.note();
  await settle();
  expect(await temp.store.notices.waiting()).toMatchObject([
    { receiver: 'them', count: 1, until: clock.now() + 1_000 },
  ]);
  clock.advance(1_000);
  await settle();
  clock.advance(4_999);
  await settle();
  expect(delivered).toEqual(['b-1 queued ✕', 'b-1 queued ✕']);
  await outbox.note({ status: 'succeeded' });
  await settle();
  expect(delivered.at(-1)).toBe('b-1 succeeded');
  expect(counted).toEqual(['webhook retried', 'webhook retried', 'webhook delivered']);
});

test('nothing is sent before the time that a receiver named', async () => {
  const { delivered, failures, its } = receiver();
  failures.push({ code: 'notice-failed', pauseMs: 60_000 });
  const outbox = outboxOf(its);
  outbox.start();
  await outbox.note();
  await settle();
  clock.advance(59_999);
  await settle();
  expect(delivered).toHaveLength(1);
  clock.advance(1);
  await settle();
  expect(delivered).toHaveLength(2);
});

test('is given up after about five hours, which is logged once', async () => {
  const { delivered, failures, its } = receiver();
  failures.push(...Array.from({ length: 20 }, () => 'notice-failed' as const));
  const outbox = outboxOf(its);
  const began = clock.now();
  outbox.start();
  await outbox.note();
  for (let hour = 0; hour < 13; hour += 1) {
    await settle();
    clock.advance(3_600_000);
  }
  await settle();
  expect(delivered).toHaveLength(13);
  expect(clock.now() - began).toBeGreaterThan(5 * 3_600_000);
  expect(counted.at(-1)).toBe('webhook given-up');
  expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
    ['warn', 'could not deliver a notice: scripted'],
  ]);
});

test.each<ErrorCode>(['notice-refused', 'callback-not-allowed', 'internal'])('%s is not repeated', async (code) => {
  const { delivered, failures, its } = receiver();
  failures.push(code);
  const outbox = outboxOf(its);
  outbox.start();
  await outbox.note();
  await settle();
  clock.advance(3_600_000);
  await settle();
  expect([delivered.length, counted]).toEqual([1, ['webhook refused']]);
  expect(log.lines).toHaveLength(1);
});

test('a receiver that does not answer keeps no other waiting', async () => {
  const [slow, quick] = [receiver('slow'), receiver('quick')];
  const gate = new AbortController();
  const hanging: Receiver = {
    ...slow.its,
    deliver: (...call) =>
      gate.signal.aborted
        ? slow.its.deliver(...call)
        : new Promise((resolve) => {
            gate.signal.addEventListener('abort', () => void slow.its.deliver(...call).then(resolve));
          }),
  };
  const outbox = outboxOf(hanging, quick.its);
  outbox.start();
  await outbox.note();
  await outbox.note({ id: 'b-2' });
  await settle();
  expect([slow.delivered, quick.delivered]).toEqual([[], ['b-1 queued', 'b-2 queued']]);
  gate.abort();
  await settle();
  expect(slow.delivered).toEqual(['b-1 queued', 'b-2 queued']);
});

test('what nobody is configured to receive any more is dropped', async () => {
  await outboxOf(receiver().its).note();
  outboxOf(receiver('other').its).start();
  await settle();
  expect(await temp.store.notices.nextDueAt([])).toBeNull();
});
