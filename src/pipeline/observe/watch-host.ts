import { abortWith, type Clock } from '../../clock.js';
import type { Labels } from '../../container-labels.js';
import { asSlipwayError, SlipwayError } from '../../errors.js';
import type { Events } from '../../events.js';
import type { Host, Hosts } from '../../hosts/contract.js';
import type { Log } from '../../log.js';
import type { HostObservation } from '../../model/observation.js';
import type { Expected, ReadExpected } from './expected.js';
import { lookAtHost } from './look-at-host.js';
import type { KeptObservations } from './observations.js';
import type { NoteNumbers } from './seen-numbers.js';

export interface WatchDeps {
  readonly hosts: Pick<Hosts, 'find'>;
  readonly labels: Pick<Labels, 'read' | 'names' | 'claim'>;
  readonly observations: KeptObservations;
  readonly events: Pick<Events, 'subscribe'>;
  /** What is desired. A look without it compares nothing. */
  readonly expected: ReadExpected;
  readonly noteNumbers: NoteNumbers;
  readonly clock: Clock;
  readonly log: Log;
}

/** A host that tells of nothing is looked at this often. */
const SWEEP_MS = 30_000;
/** Events within this time are one. */
const COALESCE_MS = 1_000;
/** After an event a host is left alone for this many times as long as the last look took. */
const REST_FACTOR = 4;
/** A look that takes longer has failed. */
const LOOK_TIMEOUT_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/** A host that is being watched. */
interface Watched {
  readonly environment: string;
  readonly name: string;
  readonly signal: AbortSignal;
  /** When the newest event was, by the host's clock. */
  newest: number;
  /** The last time it could not be heard to the end. */
  broken: boolean;
}

/**
 * Looks at a host again and again until the signal aborts: after events and ends of deployments, else every 30 seconds, and after growing pauses while it is away.
 * Never fails.
 */
export async function watchHost(
  environment: string,
  name: string,
  deps: WatchDeps,
  signal: AbortSignal,
): Promise<void> {
  const { clock, observations } = deps;
  const watched = { environment, name, signal, newest: 0, broken: false };
  let last: Host | null = null;
  observations.begin(environment, name);
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted;) {
    const host = await find(watched, deps);
    if (signal.aborted) return;
    // Another engine: what was seen before was not there.
    if (host !== null && last !== null && host !== last) observations.begin(environment, name);
    last = host ?? last;
    const isThere = host !== null && (await lookAndWait(host, watched, deps));
    if (isThere) pauseMs = FIRST_PAUSE_MS;
    else {
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS);
    }
  }
}

async function find(watched: Watched, deps: WatchDeps): Promise<Host | null> {
  try {
    return await deps.hosts.find(watched.environment, watched.name);
  } catch (error) {
    noteAway(error, watched, deps);
    return null;
  }
}

/** Looks once, and waits until there is a reason to look again. False: the host is away. */
async function lookAndWait(host: Host, watched: Watched, deps: WatchDeps): Promise<boolean> {
  const { clock } = deps;
  const term = new AbortController();
  const unlink = abortWith(term, watched.signal);
  const began = clock.now();
  // It listens before it looks, so that nothing is missed in between.
  const happened = listen(host, watched, Math.max(began, watched.newest + 1), term.signal);
  const decided = nextEnd(watched.environment, deps.events);
  try {
    if (!(await look(host, watched, deps))) return false;
    const took = clock.now() - began;
    const quiet = clock.sleep(SWEEP_MS, term.signal).then(() => 'quiet' as const);
    const why = await Promise.race([happened, decided.end, quiet]);
    // Perhaps the host has just gone away. If its events cannot be heard at all, the sweep has to do.
    if (why === 'broken' && watched.broken) await quiet;
    else if (why !== 'quiet') await clock.sleep(Math.max(COALESCE_MS, REST_FACTOR * took), term.signal);
    watched.broken = why === 'broken';
    return true;
  } finally {
    term.abort();
    decided.close();
    unlink();
  }
}

/** The next deployment there that ends, or a change of the configuration: other things may be desired then, and services have other names. */
function nextEnd(environment: string, events: WatchDeps['events']) {
  let close = (): void => undefined;
  const end = new Promise<'event'>((resolve) => {
    close = events.subscribe((event) => {
      if (event.type === 'configuration') resolve('event');
      if (event.type !== 'deployment' || event.environment !== environment) return;
      if (event.status !== 'pending' && event.status !== 'running') resolve('event');
    });
  });
  return { end, close };
}

/** Null: the database is not there. The host can be looked at all the same. */
const expectedOf = (environment: string, { expected }: WatchDeps): Promise<Expected | null> =>
  expected(environment).catch(() => null);

/** Looks once, and keeps what it finds. False: the host is away, or the watch is over. */
async function look(host: Host, watched: Watched, deps: WatchDeps): Promise<boolean> {
  const { environment, name, signal } = watched;
  const { clock, labels, log, observations, noteNumbers } = deps;
  const before = observations.of(environment, name);
  try {
    const expected = await expectedOf(environment, deps);
    const seen = await inTime(lookAtHost(host, environment, { labels, expected }), clock, signal);
    if (signal.aborted || seen === null) return false;
    const after = observations.note(environment, name, { seen });
    // While the database is away no number is given either.
    await noteNumbers(seen.own).catch(() => undefined);
    if (before?.reachable === false) log.info({ environment, host: name, ...awayFor(before, after) }, 'a host is back');
    return true;
  } catch (error) {
    noteAway(error, watched, deps);
    return false;
  }
}

function noteAway(error: unknown, { environment, name, signal }: Watched, { observations, log }: WatchDeps): void {
  if (signal.aborted) return;
  const before = observations.of(environment, name);
  const { message: why } = asSlipwayError(error);
  observations.note(environment, name, { why });
  if (before?.reachable !== false) log.warn({ environment, host: name, why }, 'a host cannot be reached');
}

const awayFor = (before: HostObservation, after: HostObservation) => ({ awayMs: after.since - before.since });

/** What the work brings, or null once the signal aborts. Fails with `host-unreachable` if it takes too long. */
async function inTime<T>(work: Promise<T>, clock: Clock, signal: AbortSignal): Promise<T | null> {
  const over = new AbortController();
  const unlink = abortWith(over, signal);
  const tooLate = clock.sleep(LOOK_TIMEOUT_MS, over.signal).then(() => {
    if (over.signal.aborted) return null;
    throw new SlipwayError('host-unreachable', `The host did not answer in ${LOOK_TIMEOUT_MS / 1000} seconds.`);
  });
  return Promise.race([work, tooLate]).finally(() => {
    over.abort();
    unlink();
  });
}

/**
 * Notes what happens to containers until the signal aborts. Resolves with the first event, or when nothing can be heard any more. Never fails.
 */
function listen(host: Host, watched: Watched, since: number, signal: AbortSignal): Promise<'event' | 'broken'> {
  return new Promise((resolve) => {
    const hear = async (): Promise<void> => {
      for await (const { at } of host.events.follow(since, signal)) {
        watched.newest = Math.max(watched.newest, at);
        resolve('event');
      }
    };
    // The next look says what the matter is.
    void hear()
      .catch(() => undefined)
      .then(() => resolve('broken'));
  });
}
