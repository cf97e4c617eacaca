import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { Ago, clockTime } from '../../parts/time.js';
import { Cancel } from './cancel.js';
import { Subject } from './subject.js';

/** A build that waits: its place, and why it does not begin. */
export function WaitingRow({ build, of }: { build: Build; of: number }): VNode {
  const { position, waitingFor, queuedAt } = build;
  return (
    <li class="build" data-build={build.id}>
      <Subject build={build} />
      <span class="what">
        {waitingFor?.message ?? 'It may begin now.'}
        {waitingFor !== null && waitingFor.until !== null && (
          <span class="soft tabular"> Tried again at {clockTime(waitingFor.until)}.</span>
        )}
      </span>
      <span class="took soft tabular">
        {position !== null && `place ${position}${of > 1 ? ` of ${Math.max(of, position)}` : ''}`}
      </span>
      <span class="progress soft">
        <Ago at={queuedAt} />
      </span>
      <Cancel build={build} />
    </li>
  );
}
