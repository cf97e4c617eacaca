/** What a worker does when the store, or what a build waits for, does not answer. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../src/clock.js';
import { createEvents } from '../../../../src/events.js';
import type { Build } from '../../../../src/model/build.js';
import { createMembership } from '../../../../src/queue/membership.js';
import { createQuarantine } from '../../../../src/queue/quarantine.js';
import { Interruption } from '../../../../src/pipeline/build/interruption.js';
import { runWorker, type WorkerDeps } from '../../../../src/pipeline/build/worker.js';
import { SlipwayError } from '../../../../src/errors.js';
import { keptLog } from '../../../support/kept-log.js';
import { leapClock } from '../../../support/leap-clock.js';
import { manualClock } from '../../../support/manual-clock.js';
import { until } from '../../../support/api-client.js';
import { openTempStore, type TempStore } from '../../../support/store.js';
import { turn } from '../../../support/wire.js';
import { newBuild, queue } from '../../../contracts/store-samples.js';

let temp: TempStore;

beforeEach(async () => {
  temp = await openTempStore();
});

afterEach(() => temp.close());

async function begin(over: Partial<WorkerDeps>) {
  const clock = leapClock();
  return { clock, ...(await beginAt(clock, over)) };
}

async function beginAt(clock: Clock, over: Partial<WorkerDeps> = {}) {
  const { store } = temp;
  const stopping = new AbortController();
  const [log, events] = [keptLog(), createEvents()];
  const membership = createMembership({ store, log, newId: randomUUID });
  await membership.join();
  const done = runWorker(
    {
      store,
      events,
      clock,
      log,
      membership,
      recover: async () => void (await store.housekeeping.recover(membership.id())),
      quarantine: createQuarantine(temp.store),
      concurrency: () => 1,
      timeout: () => 1_800_000,
      blockedBy: async () => null,
      runBuild: async (build: Build) => {
        await store.queue.finish(build, { status: 'superseded' }, clock.now(), []);
      },
      endBuild: async (build, end) => void (await store.queue.finish(build, end, clock.now(), [])),
      putBack: async (build, notBefore, counts) => void (await store.queue.putBack(build, notBefore, counts)),
      waits: async () => undefined,
      note: async () => undefined,
      ...over,
    },
    stopping.signal,
    () => 0,
  );
  const stop = async () => {
    stopping.abort();
    await done;
  };
  return { log, events, stop };
}

const away = () => new SlipwayError('store-unavailable', 'The disk is full.');
test('a build whose end cannot be recorded for a while does not run for ever', async () => {
  const build = newBuild();
  await queue(temp.store, build);
  let faults = 3;
  const worker = await begin({
    runBuild: () => Promise.reject(new SlipwayError('dockerfile-step-failed', 'No.')),
    async endBuild(attempt, end) {
      if ((faults -= 1) >= 0) throw away();
      await temp.store.queue.finish(attempt, end, 3000, []);
    },
  });
  await until('the build to end', async () => {
    worker.clock.leap(20_000);
    return (await temp.store.builds.get(build.id))?.status === 'failed';
  });
  await worker.stop();
});

test('the server stops although the end of a build cannot be recorded, and leaves it to the next start', async () => {
  await queue(temp.store, newBuild());
  let asked = 0;
  const worker = await begin({
    runBuild: () => Promise.reject(new SlipwayError('dockerfile-step-failed', 'No.')),
    endBuild: () => Promise.reject(((asked += 1), away())),
  });
  await until('the build to have failed', async () => asked > 0);
  await worker.stop();
  temp.endLeases();
  expect(await temp.store.housekeeping.recover('next')).toHaveLength(1);
});

test('a build whose pause ends begins then, not when the worker next looks around', async () => {
  // The store asks its own clock whether a pause is over, so both go by this one.
  const clock = manualClock();
  await temp.close();
  temp = await openTempStore({ clock });
  const build = newBuild({ notBefore: clock.now() + 400 });
  await queue(temp.store, build);
  const worker = await beginAt(clock);
  await until('the worker to wait for the end of the pause', async () => clock.sleeping.includes(400));
  expect((await temp.store.builds.get(build.id))?.status).toBe('queued');
  clock.advance(400);
  await until('the build to run', async () => (await temp.store.builds.get(build.id))?.status === 'superseded');
  await worker.stop();
});

test('a disk that stays full is reported once', async () => {
  await queue(temp.store, newBuild());
  let asked = 0;
  const worker = await begin({ blockedBy: async () => `${(asked += 1)} MiB are free.` });
  await until('several tries', async () => {
    worker.clock.leap(1_000);
    return asked > 5;
  });
  await worker.stop();
  expect(worker.log.lines.map(({ message }) => message)).toEqual(['no build starts: 1 MiB are free.']);
});

describe('a build that waits for something that never answers', () => {
  const hanging = async () => {
    const build = newBuild();
    await queue(temp.store, build);
    let begun = false;
    const worker = await begin({
      runBuild: () => {
        begun = true;
        return new Promise(() => undefined);
      },
    });
    await until('the build to run', async () => begun);
    const status = async () => (await temp.store.builds.get(build.id))?.status;
    return { ...worker, build, status };
  };

  test('is canceled within seconds', async () => {
    const { build, status, events, clock, stop } = await hanging();
    await temp.store.housekeeping.cancel(build.id, clock.now());
    events.publish({ type: 'cancel', id: build.id });
    await until('its last chance', async () => clock.sleeping.includes(3_000));
    clock.leap(3_000);
    await until('the build to be canceled', async () => (await status()) === 'canceled');
    await stop();
  });

  test('is stopped at its time limit', async () => {
    const { build, status, clock, stop } = await hanging();
    clock.leap(1_800_000);
    await until('its last chance', async () => clock.sleeping.includes(3_000));
    clock.leap(3_000);
    await until('the build to fail', async () => (await status()) === 'failed');
    expect((await temp.store.builds.get(build.id))?.error).toMatchObject({ code: 'build-timeout' });
    await stop();
  });

  test('keeps no server from stopping, and goes back into the queue', async () => {
    const { status, clock, stop } = await hanging();
    const stopped = stop();
    await until('its last chance', async () => {
      clock.leap(1_000);
      return (await status()) === 'queued';
    });
    await stopped;
  });
});

test('a build that is canceled while it is being claimed is stopped at once', async () => {
  const build = newBuild();
  await queue(temp.store, build);
  const { store } = temp;
  const events = createEvents();
  const claim: typeof store.queue.claim = async (...request) => {
    const claimed = await store.queue.claim(...request);
    if (claimed !== null) events.publish({ type: 'cancel', id: claimed.id });
    return claimed;
  };
  const worker = await begin({
    events,
    store: { ...store, queue: { ...store.queue, claim } },
    runBuild: (_build, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  });
  await until('the build to end', async () => (await store.builds.get(build.id))?.status === 'canceled');
  await worker.stop();
});

describe('two workers on one store', () => {
  const stopAtAbort = (signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

  /** A worker whose builds run until they are stopped, or until `end`. Its heart beats as its clock goes. */
  async function holding(clock: Clock) {
    const begun: Build[] = [];
    const stopped: unknown[] = [];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const worker = await beginAt(clock, {
      runBuild: async (build, signal) => {
        begun.push(build);
        signal.addEventListener('abort', () => stopped.push(signal.reason));
        await Promise.race([ended, stopAtAbort(signal)]);
        await temp.store.queue.finish(build, { status: 'superseded' }, clock.now(), []);
      },
    });
    return { ...worker, begun, stopped, end };
  }

  async function openAt(clock: Clock): Promise<void> {
    await temp.close();
    temp = await openTempStore({ clock });
  }

  test('one that hung resumes after the other took its build over: it stops it, writes nothing, and goes on', async () => {
    const [time, ofHung] = [manualClock(), manualClock()];
    await openAt(time);
    const build = newBuild();
    await queue(temp.store, build);
    const hung = await holding(ofHung);
    await until('the build to run', async () => hung.begun.length === 1);
    const other = await holding(time);
    // The clock of the first stands still, and its heart with it.
    await until('the build to run again', async () => {
      time.advance(5_000);
      return other.begun.length === 1;
    });
    const [lost] = hung.begun;
    expect([lost, other.begun[0]]).toMatchObject([
      { id: build.id, claim: 1 },
      { id: build.id, claim: 2 },
    ]);
    expect(hung.stopped).toEqual([]);

    ofHung.advance(5_000);
    await until('the first to stop it', async () => hung.stopped.length === 1);
    expect(hung.stopped).toMatchObject([{ kind: 'lost' }]);
    await until('that to be said', async () =>
      hung.log.lines.some(({ message }) => message.includes('another worker has it')),
    );
    expect(await temp.store.builds.get(build.id)).toMatchObject({ status: 'running', claim: 2, attempt: 0 });

    const next = newBuild({ service: 'next' });
    await queue(temp.store, next);
    await until('the first to go on', async () => {
      ofHung.advance(1_000);
      return hung.begun.length === 2;
    });
    expect(hung.begun[1]).toMatchObject({ id: next.id, claim: 1 });
    other.end();
    hung.end();
    const statuses = async () =>
      (await temp.store.builds.page({ limit: 9, cursor: null })).items.map((it) => it.status);
    await until('both builds to end', async () => (await statuses()).join() === 'superseded,superseded');
    expect([hung.begun.length, other.begun.length]).toEqual([2, 1]);
    await hung.stop();
    await other.stop();
  });

  test('whose clocks differ by hours take nothing from each other', async () => {
    const time = manualClock();
    await openAt(time);
    await queue(temp.store, newBuild());
    const right = await holding(time);
    await until('the build to run', async () => right.begun.length === 1);
    const ahead = await holding({ now: () => time.now() + 7_200_000, sleep: time.sleep });
    for (let beats = 0; beats < 20; beats += 1) {
      time.advance(5_000);
      for (let turns = 0; turns < 20; turns += 1) await turn();
    }
    expect([right.begun.length, right.stopped, ahead.begun.length]).toEqual([1, [], 0]);
    right.end();
    await until('the build to end', async () => (await temp.store.housekeeping.load()).running === 0);
    expect(await temp.store.builds.get(right.begun[0]?.id ?? '')).toMatchObject({ status: 'superseded', claim: 1 });
    await right.stop();
    await ahead.stop();
  });

  test('a build that is stopped because its lease is too short goes back into the queue', async () => {
    const build = newBuild();
    await queue(temp.store, build);
    let runs = 0;
    const worker = await begin({
      async runBuild(attempt) {
        runs += 1;
        if (runs === 1) throw new Interruption('lost');
        await temp.store.queue.finish(attempt, { status: 'superseded' }, 3000, []);
      },
    });
    await until('the build to end', async () => (await temp.store.builds.get(build.id))?.status === 'superseded');
    expect(await temp.store.builds.get(build.id)).toMatchObject({ claim: 2, attempt: 0 });
    await worker.stop();
  });
});
