import { SlipwayError } from '../../errors.js';
import type { DeployedRelease } from '../../model/deployment.js';
import type { Service } from '../../model/service.js';
import type { WhereDeps } from './deps.js';

/** What is asked of a release, or of a build that will make one. */
export type Made = Pick<DeployedRelease, 'branch' | 'commit'> & { readonly number: number | null };

/**
 * Whether a release has a commit: it is the release's own, the release's comes from it, or the release covers it. Each is asked once. Fails
 * with the codes of the git host.
 */
export function createIncludes(
  { name, repository }: Service,
  commit: string,
  { store, git }: WhereDeps,
): (made: Made) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  const { history, remote } = git.mirror(repository);
  const comesFrom = async (head: string): Promise<boolean> => {
    if (!(await history.has(head))) await remote.fetch([head]);
    try {
      return (await history.nearest(head, new Set([commit]))).includes(commit);
    } catch (error) {
      // It is in the repository no more.
      if (error instanceof SlipwayError && error.code === 'commit-not-found') return false;
      throw error;
    }
  };
  const covers = async ({ branch, number }: Made): Promise<boolean> =>
    number !== null && (await store.releases.covering(name, branch, commit))?.number === number;
  const ask = async (made: Made): Promise<boolean> =>
    made.commit === commit || (await covers(made)) || (await comesFrom(made.commit));
  return (made) => {
    const key = `${made.number} ${made.commit}`;
    const asked = known.get(key) ?? ask(made);
    known.set(key, asked);
    return asked;
  };
}
