import type { Clock } from '../clock.js';
import { currentOf } from '../current-container.js';
import { asSlipwayError, SlipwayError } from '../errors.js';
import type { Events } from '../events.js';
import type { ContainerLogLine, Host } from '../hosts/contract.js';
import type { HostObservation, OwnContainer } from '../model/observation.js';
import type { Observations } from '../pipeline/observe/contract.js';
import { printableOutput } from '../printable.js';
import { createWake } from '../queue/wake.js';
import { createLogMask, type LogMask } from './log-mask.js';

export interface HostLogDeps {
  readonly observations: Observations;
  readonly events: Events;
  readonly clock: Clock;
}

/** The log of a service on one host. */
export interface HostLogCall {
  readonly environment: string;
  readonly service: string;
  readonly host: string;
  /** Last lines of the first container. */
  readonly tail: number;
  readonly follow: boolean;
  /** Null: it is not configured any more. */
  readonly find: () => Promise<Host | null>;
  /** What the container may print that nobody may read. */
  readonly secretsOf: (container: OwnContainer) => Promise<Iterable<string>>;
}

/** As many lines as an engine is asked for at once. */
const MAX_LINES = 10_000;
/** What is known of the host is looked at again after this, if nothing tells of a change. */
const LOOK_AGAIN_MS = 5_000;

/** How far a container has been read. */
interface Read {
  readonly container: OwnContainer;
  /** When reading stopped, by our clock. */
  readonly stoppedAt: number;
  /** The connection broke. */
  readonly broken: boolean;
  /** Time of the last line by the host's clock, and how many lines have it. */
  readonly last: { readonly at: number; readonly count: number } | null;
}

/**
 * What the service's container on a host wrote, line by line. With `follow` it goes on until the signal aborts: when the container runs
 * again, with the one that takes its place, and when the host is back. What is wrong is said in a line; fails only as the store does.
 */
export async function* hostLog(call: HostLogCall, deps: HostLogDeps, signal: AbortSignal): AsyncGenerator<string> {
  const changed = createWake(deps.events, ['observation']);
  let read = null as Read | null;
  let said = null as string | null;
  try {
    while (!signal.aborted) {
      const found = stateOf(call, deps.observations.of(call.environment, call.host));
      const news = typeof found === 'string' ? found : null;
      if (news !== null && news !== said) yield note(call.host, news);
      said = news;
      if (typeof found !== 'string' && isNew(found, read)) {
        const { container } = found;
        if (read !== null && read.container.id !== container.id)
          yield note(call.host, `goes on with ${container.name}, release ${container.release}`);
        const before = read?.container.id === container.id ? read : null;
        const tail: number = read === null ? call.tail : MAX_LINES;
        read = yield* readContainer({ call, deps, signal, container, before, tail });
        said = null;
      }
      if (!call.follow) return;
      await changed.within(LOOK_AGAIN_MS, deps.clock, signal);
    }
  } finally {
    changed.close();
  }
}

/** Every line begins with the host, also one that Slipway adds. */
const note = (host: string, text: string): string => `${host} | [slipway] ${printableOutput(text)}\n`;

interface Found {
  readonly container: OwnContainer;
  readonly seenAt: number;
}

/** The container, or why there is none. */
function stateOf({ service, host }: HostLogCall, known: HostObservation | null): Found | string {
  if (known?.reachable !== true || known.seen === null)
    return `host ${host} cannot be reached: ${known?.why ?? 'it was not asked yet'}`;
  const container = currentOf(known.seen.own.filter((one) => one.service === service));
  return container === null ? `there is no container of ${service}` : { container, seenAt: known.seen.at };
}

/** Whether the container has, or may have, more than was read. */
function isNew({ container, seenAt }: Found, read: Read | null): boolean {
  if (read?.container.id !== container.id) return true;
  if (container.state.startedAt !== read.container.state.startedAt) return true;
  return seenAt > read.stoppedAt && (read.broken || container.state.status === 'running');
}

interface Reading {
  readonly call: HostLogCall;
  readonly deps: HostLogDeps;
  readonly signal: AbortSignal;
  readonly container: OwnContainer;
  /** What was read of the same container. */
  readonly before: Read | null;
  readonly tail: number;
}

async function* readContainer(reading: Reading): AsyncGenerator<string, Read> {
  const { call, deps, signal, container, before, tail } = reading;
  const show = shownLines(call.host, await call.secretsOf(container));
  let last = before?.last ?? null;
  const skipped = skipKnown(last);
  try {
    const host = await call.find();
    if (host === null) throw new SlipwayError('host-unreachable', 'it is not configured any more');
    const options = { tail, follow: call.follow, ...(last === null ? {} : { since: last.at }) };
    for await (const line of host.events.logs(container.id, options, signal)) {
      if (skipped(line)) continue;
      if (line.at !== null) last = { at: line.at, count: line.at === last?.at ? last.count + 1 : 1 };
      yield show(line);
    }
    return { container, stoppedAt: deps.clock.now(), broken: false, last };
  } catch (error) {
    yield note(call.host, `host ${call.host} cannot be reached: ${asSlipwayError(error).message}`);
    return { container, stoppedAt: deps.clock.now(), broken: true, last };
  }
}

/** Tells the lines of the time at which the last reading ended that were read then. */
function skipKnown(last: Read['last']): (line: ContainerLogLine) => boolean {
  let left = last?.count ?? 0;
  return ({ at }) => {
    if (left === 0 || at !== last?.at) return false;
    left -= 1;
    return true;
  };
}

/** A line as it is shown: masked, and without what a terminal would obey. */
function shownLines(host: string, secrets: Iterable<string>): (line: ContainerLogLine) => string {
  const known = [...secrets];
  const masks: Record<ContainerLogLine['stream'], LogMask> = {
    stdout: createLogMask(known),
    stderr: createLogMask(known),
  };
  return ({ stream, text, goesOn }) => `${host} | ${printableOutput(masks[stream].take(text, goesOn === true))}\n`;
}
