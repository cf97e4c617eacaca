import { takeLines, type TakeOutput } from '../rows.js';

/** Has git name each object of its input that is there, for `takeMissing`. */
export const askingForNames = ['cat-file', '--batch-check=%(objectname)', '--buffer'] as const;

/** Adds those of the ids to a list that git calls missing in its answer, which has a line for each in their order. */
export function takeMissing(ids: readonly string[], missing: string[]): TakeOutput {
  let at = 0;
  return takeLines((line) => {
    const id = ids[at] ?? '';
    at += 1;
    if (line === `${id} missing`) missing.push(id);
  });
}
