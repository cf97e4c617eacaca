import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Times in milliseconds, and what is said of them. */
export interface Figures {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** How often each measurement is taken: BENCH_RUNS, 7 by default. Fewer are for trying things out. */
export const runs = Math.max(1, Number(process.env['BENCH_RUNS'] ?? 7));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function figures(values: readonly number[]): Figures {
  return {
    median: rounded(median(values)),
    min: rounded(Math.min(...values)),
    max: rounded(Math.max(...values)),
    runs: values.length,
  };
}

/** Three significant digits, or whole where there are more. */
export const rounded = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));

export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * Measures several ways of doing the same in turn, A B C, B C A, …, so that whatever else the machine does falls on all of them, and none comes
 * always after the same one. What one has written is on the disk before the next begins: a clone leaves megabytes to write. Each is given
 * the number of the run, from 0, and gives its time; run 0 is for warming up and is not counted.
 */
export async function inTurn<Name extends string>(
  ways: Readonly<Record<Name, (run: number) => Promise<number>>>,
): Promise<Readonly<Record<Name, Figures>>> {
  const names = Object.keys(ways) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let run = 0; run <= runs; run += 1) {
    const first = run % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      await execute('sync');
      const time = await ways[name](run);
      if (run > 0) times.get(name)?.push(time);
    }
  }
  return Object.fromEntries(names.map((name) => [name, figures(times.get(name) ?? [])])) as Record<Name, Figures>;
}
