import { setImmediate } from 'node:timers/promises';
import type { Change } from '../../../../src/pipeline/notify/outbox/receiver.js';
import { watchDrift } from '../../../../src/pipeline/notify/watch-drift.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock, type ManualClock } from '../../../support/manual-clock.js';
import { openTempStore, type TempStore } from '../../../support/store.js';

let temp: TempStore;
let clock: ManualClock;
let stop: AbortController;
let running: Promise<void>;
let drifted: { environment: string; service: string; host: string }[];
let noted: string[];
const away = new Set<string>();
beforeEach(async () => {
  clock = manualClock();
  temp = await openTempStore({ clock });
  drifted = [];
  noted = [];
  away.clear();
  start();
});
afterEach(async () => {
  stop.abort();
  await running;
  await temp.close();
});

function start(isWanted = true): void {
  stop = new AbortController();
  const store = async (change: Change) => {
    if (change.kind !== 'drift') return;
    const { environment, service, hosts } = change.drift;
    noted.push(`${environment}/${service}: ${hosts.join(' ') || 'ended'}`);
  };
  running = watchDrift(
    {
      ...{ drifted: async () => drifted, isWanted: () => isWanted, store: temp.store },
      ...{ outbox: { store }, clock, log: keptLog(), isAway: (_: string, host: string) => away.has(host) },
    },
    stop.signal,
  );
}

async function pass(seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 30) {
    clock.advance(30_000);
    for (let turn = 0; turn < 30; turn += 1) await setImmediate();
  }
}

const on = (...hosts: string[]) => hosts.map((host) => ({ environment: 'production', service: 'shop', host }));

test('what stands for a minute is noted once, with its hosts, and so is its end', async () => {
  drifted = on('a', 'b');
  await pass(60);
  expect(noted).toEqual([]);
  await pass(30);
  expect(noted).toEqual(['production/shop: a b']);
  await pass(300);
  expect(noted).toHaveLength(1);
  drifted = [];
  await pass(60);
  expect(noted).toHaveLength(1);
  await pass(30);
  expect(noted.slice(1)).toEqual(['production/shop: ended']);
});

test('what a deployment makes in passing is not noted', async () => {
  for (let times = 0; times < 5; times += 1) {
    drifted = on('a');
    await pass(60);
    drifted = [];
    await pass(30);
  }
  expect(noted).toEqual([]);
});

test('a restart repeats nothing, and sees the end of what was noted before', async () => {
  drifted = on('a');
  await pass(90);
  stop.abort();
  await running;
  start();
  await pass(300);
  expect(noted).toEqual(['production/shop: a']);
  drifted = [];
  await pass(90);
  expect(noted).toEqual(['production/shop: a', 'production/shop: ended']);
});

test('nothing is looked at as long as nobody wants to know', async () => {
  stop.abort();
  await running;
  start(false);
  drifted = on('a');
  await pass(300);
  expect(noted).toEqual([]);
});

test('a host that is away ends no drift: nobody knows what runs there', async () => {
  drifted = on('a', 'b');
  await pass(90);
  drifted = [];
  away.add('b');
  await pass(300);
  expect(noted).toEqual(['production/shop: a b']);
  away.clear();
  await pass(90);
  expect(noted).toEqual(['production/shop: a b', 'production/shop: ended']);
});
