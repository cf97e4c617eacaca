import type { RemoteRefs } from '../../git/contract.js';
import { memo } from '../../memo.js';
import type { Look } from '../../model/look.js';
import type { LookDeps } from './deps.js';
import { openPackaging, type PackagingReader } from '../../decide/packaging-reader.js';

/**
 * A snapshot of the git hosts. Looks that are processed together share one, so that common questions are asked once. Later events get their
 * own looks with a newer snapshot.
 */
export interface SharedView {
  /** References of the looks' repository, at least as new as the events behind the looks. Fails as the git host does. */
  refs(repository: string): Promise<RemoteRefs>;
  packaging(): Promise<PackagingReader>;
  /** Fetches the commit into the mirror if the host still has it. */
  bring(repository: string, commit: string): Promise<void>;
}

/** Opens the view that looks at one repository share. */
export function openSharedView(
  looks: readonly Look[],
  deps: Pick<LookDeps, 'git' | 'central' | 'reading' | 'engine' | 'clock'>,
): SharedView {
  const mirror = (repository: string) => deps.git.mirror(repository);
  const announced = looks.flatMap(({ ref, after }) => (ref !== null && after !== null ? [after] : []));
  return {
    refs: memo(async (repository) => {
      const { remote } = mirror(repository);
      const began = deps.clock.now();
      await remote.fetch([...new Set(announced)]);
      // The fetch's references are at least as new as the pushes.
      return remote.refs(deps.clock.now() - began + 1);
    }),
    packaging: memo(() => openPackaging(deps)),
    bring: memo((repository, commit) => mirror(repository).remote.fetch([commit])),
  };
}
