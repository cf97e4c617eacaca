/** When a planner asks the store for looks, and what it does when the store cannot be written. */
import { getEventListeners } from 'node:events';
import { SlipwayError } from '../../../../src/errors.js';
import { createEvents } from '../../../../src/events.js';
import { runPlanner } from '../../../../src/pipeline/look/planner.js';
import { createWake } from '../../../../src/queue/wake.js';
import { createQuarantine } from '../../../../src/queue/quarantine.js';
import { keptLog } from '../../../support/kept-log.js';
import { leapClock } from '../../../support/leap-clock.js';
import { until } from '../../../support/api-client.js';
import { openTempStore } from '../../../support/store.js';
import { turn } from '../../../support/wire.js';
import { look } from '../../../contracts/store-samples.js';

test('a look that can neither be worked off nor put back is tried again after a pause, not without end', async () => {
  const temp = await openTempStore();
  const full = () => Promise.reject(new SlipwayError('store-unavailable', 'The disk is full.'));
  const stopping = new AbortController();
  const clock = leapClock();
  let [tries, isFull] = [0, true];
  await temp.store.looks.add(look());
  const done = runPlanner(
    {
      store: { ...temp.store, looks: { ...temp.store.looks, postpone: full } },
      events: createEvents(),
      clock,
      log: keptLog(),
      worker: () => 'w',
      quarantine: createQuarantine(temp.store),
      openBatch: () => async (one) => {
        tries += 1;
        if (isFull) await full();
        await temp.store.looks.done(one.id);
      },
      whenIdle: async () => undefined,
    },
    stopping.signal,
  );
  await until('the look to be tried', async () => tries > 0);
  for (let turns = 0; turns < 200; turns += 1) await turn();
  expect(tries).toBe(1);
  isFull = false;
  await until('the look to be worked off', async () => {
    clock.leap(10_000);
    return (await temp.store.looks.nextDueAt([])) === null;
  });
  stopping.abort();
  await done;
  await temp.close();
});

test('while deliveries come in, the store is not asked for looks: each would meet all that wait already', async () => {
  const temp = await openTempStore();
  const events = createEvents();
  const stopping = new AbortController();
  let asked = 0;
  let becomesCalm = (): void => undefined;
  const whenIdle = new Promise<void>((resolve) => (becomesCalm = resolve));
  const due: typeof temp.store.looks.due = (...request) => {
    asked += 1;
    return temp.store.looks.due(...request);
  };
  const done = runPlanner(
    {
      store: { ...temp.store, looks: { ...temp.store.looks, due } },
      events,
      clock: leapClock(),
      log: keptLog(),
      worker: () => 'w',
      quarantine: createQuarantine(temp.store),
      openBatch: () => async (one) => temp.store.looks.done(one.id),
      whenIdle: () => whenIdle,
    },
    stopping.signal,
  );
  for (let looks = 0; looks < 20; looks += 1) {
    await temp.store.looks.add(look());
    events.publish({ type: 'look' });
    await turn();
  }
  expect(asked).toBe(0);
  becomesCalm();
  await until('all looks to be worked off', async () => (await temp.store.looks.nextDueAt([])) === null);
  expect(asked).toBeLessThan(20);
  stopping.abort();
  await done;
  await temp.close();
});

test('a look that becomes due while another repository is in hand does not wait for it', async () => {
  const temp = await openTempStore();
  const stopping = new AbortController();
  const clock = leapClock();
  const done: string[] = [];
  let finish = (): void => undefined;
  const long = new Promise<void>((resolve) => (finish = resolve));
  await temp.store.looks.add(look({ repository: 'abc/long', dueAt: clock.now() }));
  await temp.store.looks.add(look({ repository: 'abc/app', dueAt: clock.now() + 1_500 }));
  const running = runPlanner(
    {
      store: temp.store,
      events: createEvents(),
      clock,
      log: keptLog(),
      worker: () => 'w',
      quarantine: createQuarantine(temp.store),
      openBatch: () => async (one) => {
        if (one.repository === 'abc/long') await long;
        await temp.store.looks.done(one.id);
        done.push(one.repository);
      },
      whenIdle: async () => undefined,
    },
    stopping.signal,
  );
  for (let seconds = 0; seconds < 3; seconds += 1) {
    await until('the planner to sleep', async () => clock.sleeping.length > 0);
    clock.leap(1_000);
  }
  await until('the other look to be worked off', async () => done.length > 0);
  expect(done).toEqual(['abc/app']);
  finish();
  stopping.abort();
  await running;
  await temp.close();
});

test('sleeping leaves nothing with the signal that ends it, though a server sleeps every second', async () => {
  const stopping = new AbortController();
  const wake = createWake(createEvents(), ['look']);
  const sleeping = wake.within(60_000, leapClock(), stopping.signal);
  expect(getEventListeners(stopping.signal, 'abort')).toHaveLength(1);
  wake.now();
  await sleeping;
  expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
  const again = wake.within(60_000, leapClock(), stopping.signal);
  stopping.abort();
  await again;
  wake.close();
});

test('a look waits until the time that the git host named', async () => {
  const temp = await openTempStore();
  const stopping = new AbortController();
  const clock = leapClock();
  const postponed: number[] = [];
  const retryAt = clock.now() + 90_000;
  await temp.store.looks.add(look());
  const done = runPlanner(
    {
      store: {
        ...temp.store,
        looks: { ...temp.store.looks, postpone: async (_, dueAt) => void postponed.push(dueAt) },
      },
      events: createEvents(),
      clock,
      log: keptLog(),
      worker: () => 'w',
      quarantine: createQuarantine(temp.store),
      openBatch: () => () => {
        stopping.abort();
        return Promise.reject(new SlipwayError('git-unavailable', 'Not now.', { retryAt }));
      },
      whenIdle: async () => undefined,
    },
    stopping.signal,
  );
  await done;
  expect(postponed).toEqual([retryAt]);
  await temp.close();
});

test('a look that is put off says what for and until when', async () => {
  const temp = await openTempStore();
  const stopping = new AbortController();
  const clock = leapClock({ standing: true });
  await temp.store.looks.add(look());
  const done = runPlanner(
    {
      store: temp.store,
      events: createEvents(),
      clock,
      log: keptLog(),
      worker: () => 'w',
      quarantine: createQuarantine(temp.store),
      openBatch: () => () => Promise.reject(new SlipwayError('git-unavailable', 'The host does not answer.')),
      whenIdle: async () => undefined,
    },
    stopping.signal,
  );
  const waiting = () => temp.store.looks.waiting(['delivery-1']);
  await until('the look to be put off', async () => (await waiting()).size > 0);
  expect((await waiting()).get('delivery-1')).toEqual({
    code: 'git-unavailable',
    message: 'The host does not answer.',
    until: clock.now() + 1000,
  });
  stopping.abort();
  await done;
  await temp.close();
});
