import type { Clock } from '../../clock.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Build } from '../../model/build.js';
import type { Claimable, Store } from '../../store/contract.js';
import { concludeInterrupted, concludeThrown, type ConcludeDeps } from './conclude.js';
import { Interruption, interruptionOf } from './interruption.js';
import { pauseAfter, recordPauses } from '../../queue/pauses.js';
import { createWake } from '../../queue/wake.js';
import type { Quarantine } from '../../queue/quarantine.js';

export interface WorkerDeps extends ConcludeDeps {
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  /** Identifies this process in the leases of its builds. */
  readonly worker: string;
  readonly quarantine: Quarantine;
  readonly concurrency: () => number;
  /** Time limit of one build, in milliseconds. */
  readonly timeout: () => number;
  /** A sentence that says why no build may start now, or null. */
  readonly blockedBy: () => Promise<string | null>;
  /** Runs one build to its end and records it. Throws if it fails. */
  readonly runBuild: (build: Build, signal: AbortSignal) => Promise<void>;
}

const LEASE_MS = 60_000;
const HEARTBEAT_MS = 15_000;
/** Changes without an event, such as free disk space, are noticed within this time. */
const POLL_MS = 1_000;
/**
 * A stopped build may wait for something that does not answer for minutes. It is abandoned after this time. A server that stops has less.
 */
const stopPatience = { cancel: 3_000, timeout: 3_000, drain: 1_000 } as const;

interface Claimed {
  readonly build: Build;
  /** Called when it has ended. */
  readonly leave: () => void;
}

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** What was already logged: a disk that stays full deserves one line, not one each second. */
interface Logged {
  blocked: boolean;
}

/**
 * Claims and runs queued builds until `stopping` aborts. Then it gives the running ones `grace` milliseconds, puts the rest back in the
 * queue, and resolves.
 */
export async function runWorker(deps: WorkerDeps, stopping: AbortSignal, grace: () => number): Promise<void> {
  const running = new Map<string, Running>();
  // A build may have waited for a look at one of its bases.
  const wake = createWake(deps.events, ['build', 'looked']);
  // Canceled during their claim, before they are in `running`.
  const missed = new Set<string>();
  const cancels = deps.events.subscribe((event) => {
    if (event.type !== 'cancel') return;
    missed.add(event.id);
    running.get(event.id)?.abort.abort(new Interruption('cancel'));
  });
  const hearts = new AbortController();
  const logged: Logged = { blocked: false };
  const beating = beat(deps, running, hearts.signal);
  while (!stopping.aborted) {
    missed.clear();
    const next = running.size < deps.concurrency() ? await claim(deps, logged) : POLL_MS;
    if (typeof next === 'number') await wake.within(next, deps.clock, stopping);
    else start(next, running, wake.now, (abort) => work(next.build, abort, deps, stopping));
    if (typeof next === 'object' && missed.has(next.build.id))
      running.get(next.build.id)?.abort.abort(new Interruption('cancel'));
  }
  await drain(deps, running, grace());
  hearts.abort();
  cancels();
  wake.close();
  await beating;
}

/** The next build. If none may start now, the number of milliseconds to wait before asking again. */
async function claim(deps: WorkerDeps, logged: Logged): Promise<Claimed | number> {
  try {
    const { queued, pausedUntil } = await deps.store.housekeeping.load();
    if (queued === 0) return POLL_MS;
    const blockedBy = await deps.blockedBy();
    if (blockedBy !== null) {
      if (!logged.blocked) deps.log.warn({}, `no build starts: ${blockedBy}`);
      logged.blocked = true;
      await deps.clock.sleep(POLL_MS);
      return 0;
    }
    logged.blocked = false;
    const now = deps.clock.now();
    const claimed = await claimAt(now, deps);
    return claimed ?? Math.min(POLL_MS, Math.max(0, (pausedUntil ?? Infinity) - now));
  } catch (error) {
    deps.log.error({ err: error }, 'could not claim a build');
    await deps.clock.sleep(POLL_MS);
    return 0;
  }
}

async function claimAt(now: number, deps: WorkerDeps): Promise<Claimed | null> {
  const { store, worker, quarantine } = deps;
  const take = (which?: Claimable) => store.queue.claim(worker, now, now + LEASE_MS, which);
  const repositories = await quarantine.repositories();
  if (repositories.size === 0) {
    const build = await take();
    return build && { build, leave: () => undefined };
  }
  const alone = await during(quarantine.enterAlone(), () => take({ suspects: true }));
  if (alone) return alone;
  const leave = quarantine.enter();
  return during(leave ?? (() => undefined), () =>
    take({ suspects: false, except: leave === null ? repositories : new Set() }),
  );
}

/** Leaves at once if there is nothing to claim. Null if it could not enter. */
async function during(leave: (() => void) | null, take: () => Promise<Build | null>): Promise<Claimed | null> {
  if (leave === null) return null;
  let build: Build | null = null;
  try {
    build = await take();
  } finally {
    if (build === null) leave();
  }
  return build && { build, leave };
}

function start(
  { build: { id }, leave }: Claimed,
  running: Map<string, Running>,
  ended: () => void,
  run: (abort: AbortController) => Promise<void>,
): void {
  const abort = new AbortController();
  const done = run(abort).finally(() => {
    running.delete(id);
    leave();
    ended();
  });
  running.set(id, { abort, done });
}

async function work(build: Build, abort: AbortController, deps: WorkerDeps, stopping: AbortSignal): Promise<void> {
  const log = deps.log.child({ build: build.id, service: build.service, delivery: build.trigger.deliveryId });
  const overdue = new AbortController();
  void deps.clock.sleep(deps.timeout(), overdue.signal).then(() => {
    if (!overdue.signal.aborted) abort.abort(new Interruption('timeout'));
  });
  try {
    await untilStopped(deps.runBuild(build, abort.signal), abort.signal, deps.clock);
  } catch (thrown) {
    const interruption = interruptionOf(abort.signal);
    const conclude = () =>
      interruption
        ? concludeInterrupted(build, interruption, deps.timeout(), { ...deps, log })
        : concludeThrown(build, thrown, { ...deps, log });
    await untilRecorded(conclude, { ...deps, log }, stopping);
  } finally {
    overdue.abort();
  }
}

/**
 * Waits for the run to end. A stopped run that does not end is abandoned. Whatever it does later, its build has ended, and ends are final.
 */
async function untilStopped(run: Promise<void>, signal: AbortSignal, clock: Clock): Promise<void> {
  const over = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over.signal });
  });
  const givenUp = stopped.then(async () => {
    await clock.sleep(stopPatience[interruptionOf(signal)?.kind ?? 'cancel'], over.signal);
    throw signal.reason;
  });
  for (const one of [run, givenUp]) one.catch(() => undefined);
  try {
    await Promise.race([run, givenUp]);
  } finally {
    over.abort();
  }
}

/** A build that stays running in the store would block all others of its service. The next start takes up what is left. */
async function untilRecorded(
  conclude: () => Promise<void>,
  { clock, log }: WorkerDeps,
  stopping: AbortSignal,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await conclude();
    } catch (error) {
      log.error({ err: error }, "could not record the build's end");
      if (stopping.aborted) return;
      await clock.sleep(pauseAfter(attempt, recordPauses), stopping);
    }
  }
}

/** Extends the leases, notices cancels requested elsewhere, and takes up builds whose worker is gone. */
async function beat(deps: WorkerDeps, running: ReadonlyMap<string, Running>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(HEARTBEAT_MS, signal);
    if (signal.aborted) return;
    try {
      const now = deps.clock.now();
      const cancels = await deps.store.queue.heartbeat(deps.worker, now + LEASE_MS);
      for (const id of cancels) running.get(id)?.abort.abort(new Interruption('cancel'));
      await deps.store.housekeeping.recover(now, null);
    } catch (error) {
      deps.log.error({ err: error }, 'could not extend the leases of the running builds');
    }
  }
}

async function drain(deps: WorkerDeps, running: ReadonlyMap<string, Running>, grace: number): Promise<void> {
  if (running.size === 0) return;
  deps.log.info({ running: running.size, grace }, 'draining: no new build starts; running ones may finish');
  const all = Promise.all([...running.values()].map(({ done }) => done));
  const patience = new AbortController();
  await Promise.race([all, deps.clock.sleep(grace, patience.signal)]);
  patience.abort();
  for (const { abort } of running.values()) abort.abort(new Interruption('drain'));
  await all;
}
