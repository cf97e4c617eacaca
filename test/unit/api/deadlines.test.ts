import { createDeadlines } from '../../../src/api/deadlines.js';
import { manualClock } from '../../support/manual-clock.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Things that note when they are over. */
function noted(...names: string[]) {
  const over: string[] = [];
  return { over, all: names.map((name) => ({ expire: () => void over.push(name) })) };
}

describe('deadlines', () => {
  test('are over each at its time, whatever number of them one timer serves', async () => {
    const clock = manualClock();
    const deadlines = createDeadlines(clock, 100);
    const { over, all } = noted('a', 'b', 'c');
    for (const one of all) {
      deadlines.set(one);
      clock.advance(10);
    }
    expect(clock.sleeping).toHaveLength(1);
    clock.advance(80);
    await turn();
    expect([over, clock.sleeping]).toEqual([['a', 'b'], [10]]);
    clock.advance(10);
    await turn();
    expect([over, clock.sleeping]).toEqual([['a', 'b', 'c'], []]);
  });

  test('are further away once set again, and never over once cleared', async () => {
    const clock = manualClock();
    const deadlines = createDeadlines(clock, 100);
    const { over, all } = noted('renewed', 'cleared', 'kept');
    for (const one of all) deadlines.set(one);
    clock.advance(50);
    deadlines.set(all[0]!);
    deadlines.clear(all[1]!);
    clock.advance(50);
    await turn();
    expect(over).toEqual(['kept']);
    clock.advance(50);
    await turn();
    expect(over).toEqual(['kept', 'renewed']);
  });

  test('are not put off by a clock that is set back', async () => {
    const clock = manualClock();
    const deadlines = createDeadlines(clock, 100);
    const { over, all } = noted('early', 'late');
    deadlines.set(all[0]!);
    clock.advance(100 - 3_600_000);
    deadlines.set(all[1]!);
    clock.advance(3_600_000);
    await turn();
    expect(over).toContain('early');
  });

  test('that are stopped are forgotten, with their timer', async () => {
    const clock = manualClock();
    const deadlines = createDeadlines(clock, 100);
    const { over, all } = noted('a');
    deadlines.set(all[0]!);
    deadlines.stop();
    await turn();
    expect(clock.sleeping).toEqual([]);
    clock.advance(100);
    expect(over).toEqual([]);
  });
});
