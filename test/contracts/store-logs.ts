import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, newBuild } from './store-samples.js';

export function logContract(open: OpenStore): void {
  const under = storeForEachTest(open, { logLimit: 100, now: () => 5000 });
  const dropped = 'The log has reached its limit of 100 bytes (limits.log); the rest was dropped.\n';
  const build = () => begin(under.store, newBuild({ service: `s${(services += 1)}` }));
  let services = 0;

  test('text reads back in the order in which it was appended, from any chunk on', async () => {
    const attempt = await build();
    await under.store.logs.append(attempt, 'one\n');
    const { next } = await under.store.logs.read(attempt.id, 0);
    await under.store.logs.append(attempt, 'zwei ü\n');
    expect(await under.store.logs.read(attempt.id, next)).toEqual({ text: 'zwei ü\n', next: next + 1 });
    expect(await under.store.logs.read(attempt.id, 0)).toEqual({ text: 'one\nzwei ü\n', next: next + 1 });
    expect(await under.store.logs.read(attempt.id, next + 1)).toEqual({ text: '', next: next + 1 });
  });

  test('appends that arrive together keep their order, each in its own log', async () => {
    const [first, second] = [await build(), await build()];
    const lines = Array.from({ length: 10 }, (_, index) => `${index}\n`);
    await Promise.all(
      lines.flatMap((line) => [under.store.logs.append(first, line), under.store.logs.append(second, line)]),
    );
    expect((await under.store.logs.read(first.id, 0)).text).toBe(lines.join(''));
    expect((await under.store.logs.read(second.id, 0)).text).toBe(lines.join(''));
  });

  test('a build without a log reads as empty, and empty text adds nothing', async () => {
    const attempt = await build();
    await under.store.logs.append(attempt, '');
    expect(await under.store.logs.read(attempt.id, 0)).toEqual({ text: '', next: 0 });
    expect(await under.store.logs.read('nothing', 0)).toEqual({ text: '', next: 0 });
  });

  test('a build that there is not has no log, and does not spoil those of others', async () => {
    const attempt = await build();
    const answers = await Promise.all([
      under.store.logs.append({ id: 'nothing', claim: 1 }, 'x'),
      under.store.logs.append(attempt, 'y'),
    ]);
    expect(answers).toEqual([false, true]);
    expect((await under.store.logs.read(attempt.id, 0)).text).toBe('y');
  });

  test('a log that fits its limit exactly is whole', async () => {
    const attempt = await build();
    await under.store.logs.append(attempt, 'a'.repeat(60));
    await under.store.logs.append(attempt, 'b'.repeat(40));
    expect((await under.store.logs.read(attempt.id, 0)).text).toBe('a'.repeat(60) + 'b'.repeat(40));
  });

  test('past the limit the rest is dropped and one line says so', async () => {
    const attempt = await build();
    await under.store.logs.append(attempt, 'a'.repeat(99));
    await under.store.logs.append(attempt, 'üb');
    await under.store.logs.append(attempt, 'more');
    expect((await under.store.logs.read(attempt.id, 0)).text).toBe(`${'a'.repeat(99)}${dropped}`);
  });

  test('the cut falls between characters and ends its line', async () => {
    const attempt = await build();
    await under.store.logs.append(attempt, 'ü'.repeat(80));
    expect((await under.store.logs.read(attempt.id, 0)).text).toBe(`${'ü'.repeat(50)}\n${dropped}`);
  });

  test('output with control characters is kept whole', async () => {
    const attempt = await build();
    await under.store.logs.append(attempt, 'before\0after\u001b[31m\ud800\n');
    const { text } = await under.store.logs.read(attempt.id, 0);
    expect(text).toBe('before\uFFFDafter\u001b[31m\uFFFD\n');
  });
}
