import { createSharedLock } from '../../src/shared-lock.js';

const rest = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when `end` is called. */
function work(name: string, happened: string[]) {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async () => {
    happened.push(`${name} begins`);
    await ended;
    happened.push(`${name} ends`);
  };
  return { run, end };
}

test('what runs together runs side by side, and what is alone waits for it and keeps the rest waiting', async () => {
  const lock = createSharedLock();
  const happened: string[] = [];
  const [one, two, alone, late] = ['one', 'two', 'alone', 'late'].map((name) => work(name, happened));
  const all = [one, two].map((each) => lock.together(each?.run ?? rest));
  all.push(lock.alone(alone?.run ?? rest), lock.together(late?.run ?? rest));
  await rest();
  expect(happened).toEqual(['one begins', 'two begins']);
  one?.end();
  await rest();
  expect(happened).toEqual(['one begins', 'two begins', 'one ends']);
  two?.end();
  await rest();
  expect(happened.slice(3)).toEqual(['two ends', 'alone begins']);
  alone?.end();
  late?.end();
  await Promise.all(all);
  expect(happened.slice(5)).toEqual(['alone ends', 'late begins', 'late ends']);
});

test('work that fails keeps nothing waiting', async () => {
  const lock = createSharedLock();
  const fails = () => Promise.reject(new Error('no'));
  const done = async () => 'done';
  await expect(lock.together(fails)).rejects.toThrow('no');
  const first = lock.alone(fails);
  const second = lock.alone(done);
  await expect(first).rejects.toThrow('no');
  await expect(second).resolves.toBe('done');
  await expect(lock.together(done)).resolves.toBe('done');
});
