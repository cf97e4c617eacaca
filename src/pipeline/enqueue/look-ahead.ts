import type { Clock } from '../../clock.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Build } from '../../model.js';
import type { Store } from '../../store/contract.js';
import { createWake } from './planner.js';

export interface LookAheadDeps {
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly concurrency: () => number;
  /** Gets ready what can be before the build's turn. Whatever it fails with, the build meets it again. */
  readonly prepare: (build: Build) => Promise<void>;
}

const IDLE_MS = 60_000;

/** While as many builds run as may, prepares the one whose turn comes next, once; until the signal aborts. */
export async function runLookAhead(deps: LookAheadDeps, signal: AbortSignal): Promise<void> {
  const wake = createWake(deps.events, ['build']);
  let prepared: string | null = null;
  while (!signal.aborted) {
    const build = await nextInLine(deps);
    if (build !== null && build.id !== prepared) {
      prepared = build.id;
      await deps.prepare(build).catch((error: unknown) => {
        deps.log.debug({ err: error, build: build.id }, 'a build could not be prepared before its turn');
      });
    } else await wake.within(IDLE_MS, deps.clock, signal);
  }
  wake.close();
}

/** Null where none waits for another to end. */
async function nextInLine({ store, clock, concurrency, log }: LookAheadDeps): Promise<Build | null> {
  try {
    const { running, queued } = await store.housekeeping.load();
    return queued > 0 && running >= concurrency() ? await store.builds.upcoming(clock.now()) : null;
  } catch (error) {
    log.debug({ err: error }, 'cannot read which build comes next');
    return null;
  }
}
