import type { Clock } from '../../clock.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Build } from '../../model/build.js';
import type { Store } from '../../store/contract.js';
import { createWake } from '../../queue/wake.js';
import type { Quarantine } from '../../queue/quarantine.js';

export interface LookAheadDeps {
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  /** Identifies this process in the marks on its work. */
  readonly worker: () => string;
  readonly quarantine: Quarantine;
  readonly concurrency: () => number;
  /** Prepares a build before its turn. The build itself will meet any failure again. */
  readonly prepare: (build: Build) => Promise<void>;
}

const IDLE_MS = 60_000;

/** Prepares up to this many times the concurrency in one go, so that one fetch serves several builds of a repository. */
const LOOK_AHEAD_FACTOR = 4;

/**
 * While all slots are busy, prepares the builds whose turn comes next, each once, until the signal aborts. It waits until one of the very
 * next builds is unprepared, so that each round prepares several. Builds in quarantine wait for their turn.
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
    await prepareAll(unprepared, deps);
  }
  wake.close();
}

/** Marked as in progress: reading a Dockerfile may crash the process. */
async function prepareAll(builds: readonly Build[], deps: LookAheadDeps): Promise<void> {
  const { store, worker, log } = deps;
  const ids = builds.map(({ id }) => id);
  try {
    await store.inHand.takeBuilds(ids, worker());
    await Promise.all(builds.map((build) => prepare(build, deps)));
    await store.inHand.free({ builds: ids });
  } catch (error) {
    log.debug({ err: error }, 'could not mark builds as being prepared');
  }
}

async function prepare(build: Build, deps: LookAheadDeps): Promise<void> {
  await deps.prepare(build).catch((error: unknown) => {
    deps.log.debug({ err: error, build: build.id }, 'could not prepare a build before its turn');
  });
}

/** Empty unless builds wait for others to end. */
async function nextInLine({ store, clock, concurrency, quarantine, log }: LookAheadDeps): Promise<readonly Build[]> {
  try {
    const { running, queued } = await store.housekeeping.load();
    if (queued === 0 || running < concurrency()) return [];
    const next = await store.builds.upcoming(clock.now(), LOOK_AHEAD_FACTOR * concurrency());
    const apart = await quarantine.repositories();
    return next.filter(({ repository }) => !apart.has(repository.toLowerCase()));
  } catch (error) {
    log.debug({ err: error }, 'could not read which build comes next');
    return [];
  }
}
