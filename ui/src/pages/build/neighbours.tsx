import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useLive } from '../../api/live.js';
import type { Build } from '../../api/types.js';
import { useKeys } from '../../shell/keys.js';
import { branchKey, useBranchBuilds } from './branch-builds.js';

/** The builds of the branch before and after this one. */
export function Neighbours({ build: { id, service, branch } }: { build: Build }): VNode | null {
  const { route } = useLocation();
  useLive({ types: ['build'], service }, [branchKey({ service, branch })]);
  const builds = useBranchBuilds({ service, branch });
  const here = builds.findIndex((one) => one.id === id);
  // Newest first.
  const [after, before] = here < 0 ? [undefined, undefined] : [builds[here - 1], builds[here + 1]];
  useKeys({
    '[': { words: 'Build before on this branch', act: () => before && route(`/builds/${before.id}`) },
    ']': { words: 'Next build on this branch', act: () => after && route(`/builds/${after.id}`) },
  });
  if (before === undefined && after === undefined) return null;
  return (
    <nav aria-label="Builds of this branch" class="line">
      {before && <a href={`/builds/${before.id}`}>← before</a>}
      {after && <a href={`/builds/${after.id}`}>next →</a>}
    </nav>
  );
}
