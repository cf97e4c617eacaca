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

/** So many times the builds that run side by side are prepared in one go: what they read of one repository then comes in one fetch. */
const FAR = 4;

/**
 * While as many builds run as may, prepares those whose turn comes next, each once; until the signal aborts. Nothing is done before one
 * that comes right next is unprepared, so that there are always several.
 */
export async function runLookAhead(deps: LookAheadDeps, signal: AbortSignal): Promise<void> {
  const wake = createWake(deps.events, ['build']);
  let prepared: ReadonlySet<string> = new Set();
  while (!signal.aborted) {
    const next = await nextInLine(deps);
    const isPrepared = ({ id }: Build): boolean => prepared.has(id);
    if (next.slice(0, deps.concurrency()).every(isPrepared)) {
      await wake.within(IDLE_MS, deps.clock, signal);
      continue;
    }
    const unprepared = next.filter((build) => !isPrepared(build));
    prepared = new Set(next.map(({ id }) => id));
    await Promise.all(unprepared.map((build) => prepare(build, deps)));
  }
  wake.close();
}

async function prepare(build: Build, deps: LookAheadDeps): Promise<void> {
  await deps.prepare(build).catch((error: unknown) => {
    deps.log.debug({ err: error, build: build.id }, 'a build could not be prepared before its turn');
  });
}

/** Empty where none waits for another to end. */
async function nextInLine({ store, clock, concurrency, log }: LookAheadDeps): Promise<readonly Build[]> {
  try {
    const { running, queued } = await store.housekeeping.load();
    if (queued === 0 || running < concurrency()) return [];
    return await store.builds.upcoming(clock.now(), FAR * concurrency());
  } catch (error) {
    log.debug({ err: error }, 'cannot read which build comes next');
    return [];
  }
}
