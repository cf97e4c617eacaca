/**
 * Random Dockerfiles, `.dockerignore` files and trees, read as a push makes the server read them. From a fresh seed each time, which is
 * printed: `FUZZ_SEED=… FUZZ_RUNS=20000 npm run jest -- pipeline/reading/fuzz` repeats it, or does more of it.
 */
import { setImmediate } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { hostilePush, readPush } from '../../support/hostile/push.js';
import { threadedReading } from '../../support/reading.js';

const runs = Number(process.env['FUZZ_RUNS'] ?? 600);
const first = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

/** Far above the promise of 100 ms, for machines that are busy with other tests. */
const MAX_BLOCKED_MS = 2_000;

jest.setTimeout(Math.max(600_000, runs * 300));

test(`${runs} hostile pushes from seed ${first} end no process, and keep it from answering no longer than a moment`, async () => {
  const reading = threadedReading();
  const ends = new Map<string, number>();
  let blocked = { ms: 0, seed: 0 };
  let seed = first;
  /** When the event loop last came round; null while the test makes a push, which blocks it for longer than reading does. */
  let last: number | null = null;
  const beat = setInterval(() => {
    if (last === null) return;
    const now = performance.now();
    if (now - last - 5 > blocked.ms) blocked = { ms: now - last - 5, seed };
    last = now;
  }, 5);
  const before = process.memoryUsage().rss;
  let most = 0;
  for (; seed < first + runs; seed += 1) {
    const push = await hostilePush(seed);
    await setImmediate();
    last = performance.now();
    for (const end of await readPush(push, reading)) ends.set(end, (ends.get(end) ?? 0) + 1);
    last = null;
    most = Math.max(most, process.memoryUsage().rss);
  }
  clearInterval(beat);
  await reading.close();
  const summary = JSON.stringify({
    seed: first,
    runs,
    ends: Object.fromEntries(ends),
    blocked,
    grownBy: most - before,
  });
  process.stderr.write(`fuzz: ${summary}\n`);
  expect(ends.get('dockerfile read')).toBeGreaterThan(runs / 4);
  expect(blocked.ms).toBeLessThan(MAX_BLOCKED_MS);
});
