import { SlipwayError } from './errors.js';

/**
 * The work that reading one text may cost, in steps of a few nanoseconds. Counting stops a costly input at the same step on every machine.
 * The sandbox's deadline stops uncounted work.
 */
export class Effort {
  /** Effort for matching the patterns of a Dockerfile or `.dockerignore` against `count` paths: some seconds at most. */
  static forPaths(count: number): Effort {
    return new Effort(50_000_000 + 500 * count);
  }

  #left: number;

  constructor(
    /** Steps. */
    readonly limit: number,
  ) {
    this.#left = limit;
  }

  get spent(): number {
    return this.limit - this.#left;
  }

  /** Fails with `reading-stopped` beyond the limit. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0)
      throw new SlipwayError('reading-stopped', `Reading a file of the repository took over ${this.limit} steps.`);
  }
}
