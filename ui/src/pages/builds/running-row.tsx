import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { duration, now } from '../../parts/time.js';
import { Cancel } from './cancel.js';
import { Subject } from './subject.js';

/** A build that runs: the step that it is at, and how far it is if that can be guessed. */
export function RunningRow({ build, expectedMs }: { build: Build; expectedMs: number | null }): VNode {
  const step = build.steps.filter(({ finishedAt }) => finishedAt === null).at(-1);
  const passed = build.startedAt === null ? 0 : now.value - Date.parse(build.startedAt);
  return (
    <li class="build" data-build={build.id}>
      <Subject build={build} />
      <span class="what mono">{step?.name ?? 'begins'}</span>
      <span class="took tabular soft">
        {duration(passed)}
        {expectedMs !== null && ` of ~${duration(expectedMs)}`}
      </span>
      {expectedMs === null ? (
        <span class="progress" />
      ) : (
        <progress
          class="progress"
          max={expectedMs}
          value={Math.min(passed, expectedMs)}
          aria-label={`Progress of ${build.service}`}
        />
      )}
      <Cancel build={build} />
    </li>
  );
}
