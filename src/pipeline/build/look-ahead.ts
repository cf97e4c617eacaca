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
  /** Names this process in the marks of what it has in hand. */
  readonly worker: string;
  readonly quarantine: Quarantine;
  readonly concurrency: () => number;
  /** Gets ready what can be before the build's turn. Whatever it fails with, the build meets it again. */
  readonly prepare: (build: Build) => Promise<void>;
}

const IDLE_MS = 60_000;

/** So many times the builds that run side by side are prepared in one go: what they read of one repository then comes in one fetch. */
const FAR = 4;

/**
 * While as many builds run as may, prepares those whose turn comes next, each once; until the signal aborts. Nothing is done before one
 * that comes right next is unprepared, so that there are always several. What is kept apart by the quarantine is left to its turn.
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

/** Marked in hand meanwhile: reading a Dockerfile may be what a process dies of. */
async function prepareAll(builds: readonly Build[], deps: LookAheadDeps): Promise<void> {
  const { store, worker, log } = deps;
  const ids = builds.map(({ id }) => id);
  try {
    await store.inHand.takeBuilds(ids, worker);
    await Promise.all(builds.map((build) => prepare(build, deps)));
    await store.inHand.free({ builds: ids });
  } catch (error) {
    log.debug({ err: error }, 'builds cannot be marked as being prepared');
  }
}

async function prepare(build: Build, deps: LookAheadDeps): Promise<void> {
  await deps.prepare(build).catch((error: unknown) => {
    deps.log.debug({ err: error, build: build.id }, 'a build could not be prepared before its turn');
  });
}

/** Empty where none waits for another to end. */
async function nextInLine({ store, clock, concurrency, quarantine, log }: LookAheadDeps): Promise<readonly Build[]> {
  try {
    const { running, queued } = await store.housekeeping.load();
    if (queued === 0 || running < concurrency()) return [];
    const next = await store.builds.upcoming(clock.now(), FAR * concurrency());
    const apart = await quarantine.repositories();
    return next.filter(({ repository }) => !apart.has(repository.toLowerCase()));
  } catch (error) {
    log.debug({ err: error }, 'cannot read which build comes next');
    return [];
  }
}
