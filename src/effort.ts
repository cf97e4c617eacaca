import { SlipwayError } from './errors.js';

/**
 * Work that one reading of a repository's text may cost, in steps of a few nanoseconds. Counting ends a costly input at the same step on
 * every machine; the deadline of the sandbox ends what nobody counted.
 */
export class Effort {
  /** What holding a Dockerfile's or a `.dockerignore`'s patterns against so many paths may cost: some seconds of work at the most. */
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
