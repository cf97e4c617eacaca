import { watchConfig } from '../../../src/config/watch-config.js';
import { manualClock } from '../../support/manual-clock.js';

/** A watched file that changes when the test says so. */
function watched() {
  const clock = manualClock();
  const stopping = new AbortController();
  const read: string[] = [];
  let waiting: (() => void)[] = [];
  let change = (): void => undefined;
  const watch = watchConfig(
    {
      file: 'slipway.yaml',
      watch: (file, changed) => {
        change = () => changed();
        read.push(`watching ${file}`);
      },
      clock,
      reload: async () => {
        read.push('begun');
        await new Promise<void>((resolve) => waiting.push(resolve));
        read.push('ended');
      },
    },
    stopping.signal,
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async () => {
    for (const resolve of waiting.splice(0)) resolve();
    waiting = [];
    await settle();
  };
  return { clock, stopping, read, watch, settle, end, change: () => change() };
}

test('the file is read once it has been left alone for half a second', async () => {
  const { clock, read, change, settle } = watched();
  change();
  clock.advance(400);
  change();
  clock.advance(400);
  await settle();
  expect(read).toEqual(['watching slipway.yaml']);
  clock.advance(100);
  await settle();
  expect(read).toEqual(['watching slipway.yaml', 'begun']);
});

test('a signal reads it at once, and the change before it is not read again', async () => {
  const { clock, read, change, settle, watch } = watched();
  change();
  watch.now();
  await settle();
  clock.advance(1000);
  await settle();
  expect(read).toEqual(['watching slipway.yaml', 'begun']);
});

test('it is never read twice at a time', async () => {
  const { read, settle, watch, end } = watched();
  watch.now();
  watch.now();
  await settle();
  expect(read.slice(1)).toEqual(['begun']);
  await end();
  expect(read.slice(1)).toEqual(['begun', 'ended', 'begun']);
});

test('nothing is read once the server stops', async () => {
  const { clock, read, change, settle, watch, stopping } = watched();
  change();
  stopping.abort();
  watch.now();
  clock.advance(1000);
  await settle();
  expect(read).toEqual(['watching slipway.yaml']);
});
