import type { RemoteRefs } from '../../git/contract.js';
import { memo } from '../../memo.js';
import type { Look } from '../../model/look.js';
import type { LookDeps } from './deps.js';
import { openPackaging, type PackagingReader } from '../../decide/packaging-reader.js';

/**
 * What can be seen of git hosts at one moment. Looks that are worked on together share one, so that what they have in common is asked
 * once; whatever comes after that moment has a look of its own, which sees it.
 */
export interface Sight {
  /** References of the looks' repository, at least as new as what the looks speak of; fails as the git host does. */
  refs(repository: string): Promise<RemoteRefs>;
  packaging(): Promise<PackagingReader>;
  /** Sees to it that the commit is in the mirror, where it can be had. */
  bring(repository: string, commit: string): Promise<void>;
}

/** What the looks, all at one repository, share. */
export function openSight(
  looks: readonly Look[],
  deps: Pick<LookDeps, 'git' | 'central' | 'reading' | 'engine' | 'clock'>,
): Sight {
  const mirror = (repository: string) => deps.git.mirror(repository);
  const announced = looks.flatMap(({ ref, after }) => (ref !== null && after !== null ? [after] : []));
  return {
    refs: memo(async (repository) => {
      const { remote } = mirror(repository);
      const began = deps.clock.now();
      await remote.fetch([...new Set(announced)]);
      // What the fetch was told is at least as new as what the pushes spoke of.
      return remote.refs(deps.clock.now() - began + 1);
    }),
    packaging: memo(() => openPackaging(deps)),
    bring: memo((repository, commit) => mirror(repository).remote.fetch([commit])),
  };
}
