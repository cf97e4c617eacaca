import type { SlipwayError } from '../../src/errors.js';

/** What the work fails with; null if it succeeds. */
export function failureOf(work: Promise<unknown>): Promise<SlipwayError | null> {
  return work.then(
    () => null,
    (error: SlipwayError) => error,
  );
}
