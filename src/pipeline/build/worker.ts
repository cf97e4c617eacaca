import type { Clock } from '../../clock.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Attempt, Build } from '../../model/build.js';
import type { Claimable, Store } from '../../store/contract.js';
import { concludeInterrupted, concludeThrown, type ConcludeDeps } from './conclude.js';
import { Interruption, interruptionOf } from './interruption.js';
import { pauseAfter, recordPauses } from '../../queue/pauses.js';
import { createWake } from '../../queue/wake.js';
import type { Membership } from '../../queue/membership.js';
import type { Quarantine } from '../../queue/quarantine.js';

export interface WorkerDeps extends ConcludeDeps {
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly membership: Pick<Membership, 'id' | 'beat'>;
  /** Takes up the work of workers that are gone. */
  readonly recover: () => Promise<void>;
  readonly quarantine: Quarantine;
  readonly concurrency: () => number;
  /** Time limit of one build, in milliseconds. */
  readonly timeout: () => number;
  /** A sentence that says why no build may start now, or null. */
  readonly blockedBy: () => Promise<string | null>;
  /** Runs one build to its end and records it. Throws if it fails. */
  readonly runBuild: (build: Build, signal: AbortSignal) => Promise<void>;
}

const HEARTBEAT_MS = 5_000;
/** Changes without an event, such as free disk space, are noticed within this time. */
const POLL_MS = 1_000;
/**
 * A stopped build may wait for something that does not answer for minutes. It is abandoned after this time. A server that stops has less.
 */
const stopPatience = { cancel: 3_000, timeout: 3_000, drain: 1_000, lost: 1_000 } as const;

interface Claimed {
  readonly build: Build;
  /** Called when it has ended. */
  readonly leave: () => void;
}

interface Running {
  readonly attempt: Attempt;
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
  const running = new Set<Running>();
  // A build may have waited for a look at one of its bases.
  const wake = createWake(deps.events, ['build', 'looked']);
  // Canceled during their claim, before they are in `running`.
  const missed = new Set<string>();
  const cancels = deps.events.subscribe((event) => {
    if (event.type !== 'cancel') return;
    missed.add(event.id);
    cancel(event.id, running);
  });
  const hearts = new AbortController();
  const logged: Logged = { blocked: false };
  const beating = beat(deps, running, hearts.signal);
  while (!stopping.aborted) {
    missed.clear();
    const next = running.size < deps.concurrency() ? await claim(deps, logged) : POLL_MS;
    if (typeof next === 'number') await wake.within(next, deps.clock, stopping);
    else start(next, running, wake.now, (abort) => work(next.build, abort, deps, stopping));
    if (typeof next === 'object' && missed.has(next.build.id)) cancel(next.build.id, running);
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
    const claimed = await claimNext(deps);
    return claimed ?? Math.min(POLL_MS, Math.max(0, (pausedUntil ?? Infinity) - now));
  } catch (error) {
    deps.log.error({ err: error }, 'could not claim a build');
    await deps.clock.sleep(POLL_MS);
    return 0;
  }
}

async function claimNext(deps: WorkerDeps): Promise<Claimed | null> {
  const { store, membership, quarantine } = deps;
  const take = (which?: Claimable) => store.queue.claim(membership.id(), which);
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
  { build: { id, claim }, leave }: Claimed,
  running: Set<Running>,
  ended: () => void,
  run: (abort: AbortController) => Promise<void>,
): void {
  const abort = new AbortController();
  const done = run(abort).finally(() => {
    running.delete(entry);
    leave();
    ended();
  });
  const entry: Running = { attempt: { id, claim }, abort, done };
  running.add(entry);
}

function cancel(id: string, running: ReadonlySet<Running>): void {
  for (const { attempt, abort } of running) if (attempt.id === id) abort.abort(new Interruption('cancel'));
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
    const interruption = interruptionOf(abort.signal) ?? (thrown instanceof Interruption ? thrown : null);
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

/** Renews the lease, stops builds that were lost or canceled elsewhere, and takes up those whose worker is gone. */
async function beat(deps: WorkerDeps, running: ReadonlySet<Running>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(HEARTBEAT_MS, signal);
    if (signal.aborted) return;
    try {
      await beatOnce(deps, running);
      await deps.recover();
    } catch (error) {
      deps.log.error({ err: error }, 'could not extend the leases of the running builds');
    }
  }
}

async function beatOnce({ membership }: WorkerDeps, running: ReadonlySet<Running>): Promise<void> {
  // A build that is claimed while the answer is on its way may not be in it.
  const before = [...running];
  const { owned, cancels } = await membership.beat();
  const isOwned = ({ attempt }: Running) => owned.some(({ id, claim }) => id === attempt.id && claim === attempt.claim);
  for (const one of before) if (!isOwned(one)) one.abort.abort(new Interruption('lost'));
  for (const id of cancels) cancel(id, running);
}

async function drain(deps: WorkerDeps, running: ReadonlySet<Running>, grace: number): Promise<void> {
  if (running.size === 0) return;
  deps.log.info({ running: running.size, grace }, 'draining: no new build starts; running ones may finish');
  const all = Promise.all([...running].map(({ done }) => done));
  const patience = new AbortController();
  await Promise.race([all, deps.clock.sleep(grace, patience.signal)]);
  patience.abort();
  for (const { abort } of running) abort.abort(new Interruption('drain'));
  await all;
}
