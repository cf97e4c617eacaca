import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { refName, shortCommit } from '../../parts/short.js';
import { State, stateOfBuild } from '../../parts/state.js';

/** What a build is of: its mark, its service with a link to the build, its branch and commit. */
export function Subject({ build }: { build: Build }): VNode {
  return (
    <>
      <State of={stateOfBuild(build)} />
      <a class="name" href={`/builds/${encodeURIComponent(build.id)}`}>
        {build.service}
      </a>
      <span class="branch soft">{refName(build.branch)}</span>
      <span class="commit mono soft">{shortCommit(build.commit)}</span>
    </>
  );
}
