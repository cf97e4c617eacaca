import { SlipwayError } from '../../errors.js';
import type { GitHost } from '../../git/contract.js';
import type { ReleasedCommit } from './contract.js';

/** Commits in one answer. */
const MAX_COMMITS = 100;

export interface ReleasedCommits {
  readonly commits: readonly ReleasedCommit[];
  readonly warnings: readonly string[];
}

/** The commits that come with a release, newest first, as far as the mirror knows them. Does not ask the git host. */
export async function releasedCommits(
  repository: string,
  from: string | null,
  to: string,
  git: Pick<GitHost, 'mirror'>,
): Promise<ReleasedCommits> {
  if (from === null || from === to) return { commits: [], warnings: [] };
  const { history } = git.mirror(repository);
  try {
    const between = await history.between(from, to);
    const commits = between.slice(0, MAX_COMMITS).map(({ sha, message, time }) => ({
      commit: sha,
      subject: message.split('\n', 1)[0] ?? '',
      at: time * 1000,
    }));
    const more =
      between.length > MAX_COMMITS ? [`${between.length} commits: the newest ${MAX_COMMITS} are listed`] : [];
    return { commits, warnings: more };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { commits: [], warnings: [`the commits since ${from} are not known: ${error.message}`] };
  }
}
