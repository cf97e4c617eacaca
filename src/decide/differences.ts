import type { History } from '../git/contract.js';
import { memo } from '../memo.js';
import { ChangedPaths } from './changed-paths.js';

export interface Difference {
  readonly changed: ChangedPaths;
  /** Messages of the commits in `from..to`. If there are too many to list, one empty message stands for the rest. */
  readonly messages: readonly string[];
}

/** Differences between commits of one repository. */
export interface Differences {
  has(commit: string): Promise<boolean>;
  /** Both commits must be in the mirror. Fails as `History` does. */
  between(from: string, to: string): Promise<Difference>;
}

/** Asks git for each difference once: services of one look mostly share baseline and head. */
export function createDifferences(history: Pick<History, 'has' | 'changedPaths' | 'between'>): Differences {
  const known = memo((commit: string) => history.has(commit));
  const differences = memo(async (from: string, to: string): Promise<Difference> => {
    const [paths, commits] = await Promise.all([history.changedPaths(from, to), history.between(from, to)]);
    const messages = commits.map(({ message }) => message);
    // Of those that are left out nobody knows that they all ask to be skipped.
    return { changed: await ChangedPaths.of(paths), messages: commits.isCut ? [...messages, ''] : messages };
  });
  return {
    has: (commit) => known(commit),
    between: (from, to) => (from === to ? Promise.resolve(noDifference) : differences(from, to)),
  };
}

const noDifference: Difference = { changed: new ChangedPaths([]), messages: [] };
