import { createCleanup } from '../../../scripts/parts/cleanup.mjs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

describe('what is undone at the end of a command', () => {
  const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));

  afterEach(() => {
    for (const signal of signals) {
      const added = process.listeners(signal).filter((listener) => !before.get(signal)?.includes(listener));
      added.forEach((listener) => process.off(signal, listener));
    }
  });

  test('is undone newest first, once', async () => {
    const done: string[] = [];
    const cleanup = createCleanup(() => undefined);
    cleanup.add(() => done.push('older'));
    cleanup.add(() => done.push('newer'));
    await Promise.all([cleanup.run(), cleanup.run()]);
    await cleanup.run();
    expect(done).toEqual(['newer', 'older']);
  });

  test('goes on where a step fails, and says so', async () => {
    const said: string[] = [];
    const done: string[] = [];
    const cleanup = createCleanup((line) => said.push(line));
    cleanup.add(() => done.push('older'));
    cleanup.add(() => Promise.reject(new Error('in use')));
    await cleanup.run();
    expect(done).toEqual(['older']);
    expect(said).toEqual(['While cleaning up: in use']);
  });

  test('is nothing if it was forgotten', async () => {
    const done: string[] = [];
    const cleanup = createCleanup(() => undefined);
    cleanup.add(() => done.push('step'));
    cleanup.forget();
    await cleanup.run();
    expect(done).toEqual([]);
  });
});
