import { storeForEachTest, type OpenStore } from './store-harness.js';
import { newBuild, queue } from './store-samples.js';

export function logContract(open: OpenStore): void {
  const under = storeForEachTest(open, { logLimit: 100, now: () => 5000 });
  const dropped = 'The log has reached its limit of 100 bytes (limits.log); the rest was dropped.\n';
  const build = async () => (await queue(under.store, newBuild({ forced: true }))) ?? '';

  test('text reads back in the order in which it was appended, from any chunk on', async () => {
    const id = await build();
    await under.store.logs.append(id, 'one\n');
    const { next } = await under.store.logs.read(id, 0);
    await under.store.logs.append(id, 'zwei ü\n');
    expect(await under.store.logs.read(id, next)).toEqual({ text: 'zwei ü\n', next: next + 1 });
    expect(await under.store.logs.read(id, 0)).toEqual({ text: 'one\nzwei ü\n', next: next + 1 });
    expect(await under.store.logs.read(id, next + 1)).toEqual({ text: '', next: next + 1 });
  });

  test('appends that arrive together keep their order, each in its own log', async () => {
    const [first, second] = [await build(), await build()];
    const lines = Array.from({ length: 10 }, (_, index) => `${index}\n`);
    await Promise.all(
      lines.flatMap((line) => [under.store.logs.append(first, line), under.store.logs.append(second, line)]),
    );
    expect((await under.store.logs.read(first, 0)).text).toBe(lines.join(''));
    expect((await under.store.logs.read(second, 0)).text).toBe(lines.join(''));
  });

  test('a build without a log reads as empty, and empty text adds nothing', async () => {
    const id = await build();
    await under.store.logs.append(id, '');
    expect(await under.store.logs.read(id, 0)).toEqual({ text: '', next: 0 });
    expect(await under.store.logs.read('nothing', 0)).toEqual({ text: '', next: 0 });
  });

  test('a build that there is not has no log, and does not spoil those of others', async () => {
    const id = await build();
    const answers = await Promise.allSettled([
      under.store.logs.append('nothing', 'x'),
      under.store.logs.append(id, 'y'),
    ]);
    expect(answers[0]).toMatchObject({ reason: { code: 'unknown-build' } });
    expect((await under.store.logs.read(id, 0)).text).toBe('y');
  });

  test('a log that fits its limit exactly is whole', async () => {
    const id = await build();
    await under.store.logs.append(id, 'a'.repeat(60));
    await under.store.logs.append(id, 'b'.repeat(40));
    expect((await under.store.logs.read(id, 0)).text).toBe('a'.repeat(60) + 'b'.repeat(40));
  });

  test('past the limit the rest is dropped and one line says so', async () => {
    const id = await build();
    await under.store.logs.append(id, 'a'.repeat(99));
    await under.store.logs.append(id, 'üb');
    await under.store.logs.append(id, 'more');
    expect((await under.store.logs.read(id, 0)).text).toBe(`${'a'.repeat(99)}${dropped}`);
  });

  test('the cut falls between characters and ends its line', async () => {
    const id = await build();
    await under.store.logs.append(id, 'ü'.repeat(80));
    expect((await under.store.logs.read(id, 0)).text).toBe(`${'ü'.repeat(50)}\n${dropped}`);
  });

  test('output with control characters is kept whole', async () => {
    const id = await build();
    await under.store.logs.append(id, 'before\0after\u001b[31m\ud800\n');
    const { text } = await under.store.logs.read(id, 0);
    expect(text).toBe('before\uFFFDafter\u001b[31m\uFFFD\n');
  });
}
