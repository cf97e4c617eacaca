/** What a worker does when the store, or what a build waits for, does not answer. */
import type { Clock } from '../../../../src/clock.js';
import { createEvents } from '../../../../src/events.js';
import type { Build } from '../../../../src/model/build.js';
import { createQuarantine } from '../../../../src/queue/quarantine.js';
import { runWorker, type WorkerDeps } from '../../../../src/pipeline/build/worker.js';
import { SlipwayError } from '../../../../src/errors.js';
import { keptLog } from '../../../support/kept-log.js';
import { leapClock } from '../../../support/leap-clock.js';
import { manualClock } from '../../../support/manual-clock.js';
import { until } from '../../../support/api-client.js';
import { openTempStore, type TempStore } from '../../../support/store.js';
import { newBuild, queue } from '../../../contracts/store-samples.js';

let temp: TempStore;

beforeEach(async () => {
  temp = await openTempStore();
});

afterEach(() => temp.close());

function begin(over: Partial<WorkerDeps>) {
  const clock = leapClock();
  return { clock, ...beginAt(clock, over) };
}

function beginAt(clock: Clock, over: Partial<WorkerDeps> = {}) {
  const { store } = temp;
  const stopping = new AbortController();
  const [log, events] = [keptLog(), createEvents()];
  const done = runWorker(
    {
      store,
      events,
      clock,
      log,
      worker: 'w',
      quarantine: createQuarantine(temp.store),
      concurrency: () => 1,
      timeout: () => 1_800_000,
      blockedBy: async () => null,
      runBuild: async ({ id }: Build) => {
        await store.queue.finish(id, { status: 'superseded' }, clock.now(), []);
      },
      endBuild: async ({ id }, end) => void (await store.queue.finish(id, end, clock.now(), [])),
      putBack: ({ id }, notBefore, counts) => store.queue.putBack(id, notBefore, counts),
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
  const worker = begin({
    runBuild: () => Promise.reject(new SlipwayError('dockerfile-step-failed', 'No.')),
    async endBuild({ id }, end) {
      if ((faults -= 1) >= 0) throw away();
      await temp.store.queue.finish(id, end, 3000, []);
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
  const worker = begin({
    runBuild: () => Promise.reject(new SlipwayError('dockerfile-step-failed', 'No.')),
    endBuild: () => Promise.reject(((asked += 1), away())),
  });
  await until('the build to have failed', async () => asked > 0);
  await worker.stop();
  expect(await temp.store.housekeeping.recover(5000, 'next')).toHaveLength(1);
});

test('a build whose pause ends begins then, not when the worker next looks around', async () => {
  // The store asks its own clock whether a pause is over, so both go by this one.
  const clock = manualClock();
  await temp.close();
  temp = await openTempStore({ clock });
  const build = newBuild({ notBefore: clock.now() + 400 });
  await queue(temp.store, build);
  const worker = beginAt(clock);
  await until('the worker to wait for the end of the pause', async () => clock.sleeping.includes(400));
  expect((await temp.store.builds.get(build.id))?.status).toBe('queued');
  clock.advance(400);
  await until('the build to run', async () => (await temp.store.builds.get(build.id))?.status === 'superseded');
  await worker.stop();
});

test('a disk that stays full is reported once', async () => {
  await queue(temp.store, newBuild());
  let asked = 0;
  const worker = begin({ blockedBy: async () => `${(asked += 1)} MiB are free.` });
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
    const worker = begin({
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
  const worker = begin({
    events,
    store: { ...store, queue: { ...store.queue, claim } },
    runBuild: (_build, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  });
  await until('the build to end', async () => (await store.builds.get(build.id))?.status === 'canceled');
  await worker.stop();
});
