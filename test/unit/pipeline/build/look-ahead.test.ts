/** Which builds are got ready, and when. */
import { createEvents } from '../../../../src/events.js';
import type { Build } from '../../../../src/model/build.js';
import { runLookAhead } from '../../../../src/pipeline/build/look-ahead.js';
import { createQuarantine } from '../../../../src/queue/quarantine.js';
import { claim, newBuild, queue } from '../../../contracts/store-samples.js';
import { keptLog } from '../../../support/kept-log.js';
import { leapClock } from '../../../support/leap-clock.js';
import { until } from '../../../support/api-client.js';
import { openTempStore, type TempStore } from '../../../support/store.js';

let temp: TempStore;

beforeEach(async () => {
  temp = await openTempStore();
});

afterEach(() => temp.close());

function begin(concurrency: number, prepare: (build: Build) => Promise<void> = async () => undefined) {
  const stopping = new AbortController();
  const [clock, log, events] = [leapClock(), keptLog(), createEvents()];
  const got: string[] = [];
  const done = runLookAhead(
    {
      store: temp.store,
      events,
      clock,
      log,
      worker: () => 'w',
      quarantine: createQuarantine(temp.store),
      concurrency: () => concurrency,
      async prepare(build) {
        got.push(build.service);
        await prepare(build);
      },
    },
    stopping.signal,
  );
  return {
    got,
    log,
    /** The oldest build begins. */
    async claim() {
      const claimed = await claim(temp.store);
      if (claimed === null) throw new Error('no build waits');
      const { id, service, branch, status } = claimed;
      events.publish({ type: 'build', id, service, branch, status });
      return claimed;
    },
    async end(build: Build) {
      const { id, service, branch } = build;
      await temp.store.queue.finish(build, { status: 'superseded' }, clock.now(), []);
      events.publish({ type: 'build', id, service, branch, status: 'superseded' });
    },
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `s${at}`);

async function queueAll(services: readonly string[]): Promise<void> {
  for (const service of services) await queue(temp.store, newBuild({ service }));
}

test('nothing is got ready while there is room to run', async () => {
  await queueAll(names(3));
  const ahead = begin(2);
  await ahead.claim();
  await ahead.stop();
  expect(ahead.got).toEqual([]);
});

test('those that come next, several in one go, again before the last of them begins', async () => {
  await queueAll(names(8));
  const ahead = begin(1);
  let running = await ahead.claim();
  await until('the first to be ready', async () => ahead.got.length >= 4);
  expect(ahead.got).toEqual(['s1', 's2', 's3', 's4']);
  for (const service of ['s1', 's2', 's3', 's4']) {
    await ahead.end(running);
    running = await ahead.claim();
    expect(running.service).toBe(service);
  }
  await until('the others to be ready', async () => ahead.got.length >= 7);
  expect(ahead.got).toEqual(['s1', 's2', 's3', 's4', 's5', 's6', 's7']);
  await ahead.stop();
});

test('one that cannot be got ready keeps none of the others', async () => {
  await queueAll(names(3));
  const ahead = begin(1, ({ service }) => (service === 's1' ? Promise.reject(new Error('gone')) : Promise.resolve()));
  await ahead.claim();
  await until('the others to be ready', async () => ahead.got.length >= 2);
  await ahead.stop();
  expect(ahead.got).toEqual(['s1', 's2']);
  expect(ahead.log.lines).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('could not prepare') }),
  );
});
