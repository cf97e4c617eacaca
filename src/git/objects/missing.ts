import { takeLines, type TakeOutput } from '../output/rows.js';

/** Makes git name each object of its input that is there, for `takeMissing`. */
export const askingForNames = ['cat-file', '--batch-check=%(objectname)', '--buffer'] as const;

/** Collects the ids that git reports as missing. Its answer has one line per id, in order. */
export function takeMissing(ids: readonly string[], missing: string[]): TakeOutput {
  let at = 0;
  return takeLines((line) => {
    const id = ids[at] ?? '';
    at += 1;
    if (line === `${id} missing`) missing.push(id);
  });
}
