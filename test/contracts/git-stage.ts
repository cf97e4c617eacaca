import type { GitHost, Mirror } from '../../src/git/contract.js';
import type { TestRepo } from '../support/git.js';

/** What a fact is tried on: a repository of its own and its mirror, set up again before each test. */
export interface GitStage {
  git: GitHost;
  repo: TestRepo;
  mirror: Mirror;
}

/** An id that no object has. */
export const absent = '1234567890123456789012345678901234567890';

/** More bytes than a file has that is read to the end. */
export const plenty = 1_000_000;
