import { createQueueCounts } from '../../../src/api/queue-counts.js';
import { createEvents, type SlipwayEvent } from '../../../src/events.js';
import type { Store } from '../../../src/store/contract.js';
import { keptLog } from '../../support/kept-log.js';
import { manualClock } from '../../support/manual-clock.js';

const build = { type: 'build', id: 'b-1', service: 's', branch: 'main', status: 'running' } as const;
const turn = () => new Promise((resolve) => setImmediate(resolve));

function open() {
  const [events, clock, log, stopping] = [createEvents(), manualClock(), keptLog(), new AbortController()];
  const published: SlipwayEvent[] = [];
  events.subscribe((event) => event.type === 'queue' && published.push(event));
  const state = { running: 0, queued: 0, counted: 0, watched: true, fails: false };
  const load = async () => {
    state.counted += 1;
    if (state.fails) throw new Error('the disk is full');
    return { running: state.running, queued: state.queued, pausedUntil: null };
  };
  const store = { housekeeping: { load } } as Pick<Store, 'housekeeping'>;
  const deps = { store, events, clock, log, stopping: stopping.signal };
  const counts = createQueueCounts(deps, () => state.watched);
  return { events, clock, log, stopping, published, state, counts };
}

test('many changes are counted once in a window, and the last of them too', async () => {
  const { events, clock, published, state } = open();
  state.queued = 1;
  for (let at = 0; at < 100; at += 1) events.publish(build);
  await turn();
  expect(state.counted).toBe(1);
  expect(published).toEqual([{ type: 'queue', running: 0, queued: 1 }]);
  [state.queued, state.running] = [0, 1];
  events.publish(build);
  clock.advance(499);
  await turn();
  expect(state.counted).toBe(1);
  clock.advance(1);
  await turn();
  expect(published).toEqual([
    { type: 'queue', running: 0, queued: 1 },
    { type: 'queue', running: 1, queued: 0 },
  ]);
  clock.advance(500);
  await turn();
  expect([state.counted, clock.sleeping]).toEqual([2, []]);
});

test('counts that are as before are not published', async () => {
  const { events, clock, published, state } = open();
  for (const _ of [1, 2, 3]) {
    events.publish(build);
    await turn();
    clock.advance(500);
    await turn();
  }
  expect([state.counted, published.length]).toEqual([3, 1]);
});

test('nothing is counted while nobody watches, or about other things', async () => {
  const { events, state, counts } = open();
  state.watched = false;
  events.publish(build);
  counts.ask();
  state.watched = true;
  events.publish({ type: 'delivery', id: 'd-1', status: 'planned' });
  await turn();
  expect(state.counted).toBe(0);
  counts.ask();
  await turn();
  expect(state.counted).toBe(1);
});

test('a count that fails is logged, and the next one is tried', async () => {
  const { events, clock, published, log, state } = open();
  state.fails = true;
  events.publish(build);
  await turn();
  expect(log.lines).toHaveLength(1);
  state.fails = false;
  events.publish(build);
  clock.advance(500);
  await turn();
  expect(published).toHaveLength(1);
});

test('nothing is counted once the server stops', async () => {
  const { events, clock, stopping, state } = open();
  events.publish(build);
  await turn();
  events.publish(build);
  stopping.abort();
  await turn();
  events.publish(build);
  await turn();
  expect([state.counted, clock.sleeping]).toEqual([1, []]);
});
