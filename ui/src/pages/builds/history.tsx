import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { Ago, duration } from '../../parts/time.js';
import { endOf } from './filter.js';
import { Subject } from './subject.js';

interface HistoryProps {
  readonly builds: readonly Build[];
  /** Instead of rows. */
  readonly empty: string;
  /** Reads older ones. Null: there are none. */
  readonly more: (() => void) | null;
}

/** Builds that are over, newest first. */
export function History({ builds, empty, more }: HistoryProps): VNode {
  return (
    <section>
      <h2>History</h2>
      {builds.length === 0 && <p class="empty">{empty}</p>}
      <ul class="builds" aria-label="Builds that are over">
        {builds.map((build) => (
          <PastRow key={build.id} build={build} />
        ))}
      </ul>
      {more !== null && (
        <button type="button" onClick={more}>
          Show older builds
        </button>
      )}
    </section>
  );
}

function PastRow({ build }: { build: Build }): VNode {
  const { startedAt, finishedAt, image, status } = build;
  const took =
    startedAt === null || finishedAt === null ? '' : duration(Date.parse(finishedAt) - Date.parse(startedAt));
  return (
    <li class="build" data-build={build.id}>
      <Subject build={build} />
      <span class={`what ${status === 'failed' ? '' : 'soft'}`}>
        {image !== null && <b class="mono">{image.tags[0]} </b>}
        {endOf(build)}
      </span>
      <span class="took tabular soft">{took}</span>
      <span class="progress soft">
        <Ago at={finishedAt} />
      </span>
    </li>
  );
}
