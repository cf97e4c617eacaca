/** The first seven digits of a commit. */
export const shortCommit = (commit: string | null): string => commit?.slice(0, 7) ?? '–';

/** A ref as people say it: a branch, or the tag's name. */
export const refName = (branch: string): string => branch.replace(/^refs\/tags\//, 'tag ');

/** `1 path`, `2 paths`. */
export const counted = (number: number, noun: string, plural = `${noun}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
