import { jsonLines, memberOf } from '../../docker/answer.js';
import { unreachable, type EngineAnswer } from '../../docker/connection.js';
import type { ContainerStatus } from '../../model/container.js';
import type { ContainerEvent, ContainerLogLine, HostEvents, LogOptions } from '../contract.js';
import { readState } from '../messages/container-state.js';
import { readEvent } from '../messages/event.js';
import { faultOf, hostFault } from '../messages/faults.js';
import { createLogReader } from '../messages/log-frames.js';
import type { Calls, HostRequest } from './calls.js';
import { isName } from './names.js';

const OPEN_TIMEOUT_MS = 30_000;
const MAX_TAIL_LINES = 10_000;
const MS_PER_SECOND = 1000;
/** Silence of a followed log after which its container is looked at. */
const LOOK_AFTER_MS = 10_000;
const ended: readonly ContainerStatus[] = ['exited', 'dead'];

/** Events and logs of an engine over its API. See `HostEvents`. */
export function createEvents(calls: Calls): HostEvents {
  /** Every item of an answer, until the signal aborts. */
  async function* stream<T>(
    request: HostRequest,
    signal: AbortSignal,
    read: (answer: EngineAnswer) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    if (signal.aborted) return;
    try {
      const answer = await calls.open(request, OPEN_TIMEOUT_MS, signal);
      try {
        yield* read(answer);
      } finally {
        answer.body.destroy();
      }
    } catch (error) {
      if (!signal.aborted) throw calls.fault(error);
    }
  }
  return {
    follow(since, signal) {
      const query = {
        filters: JSON.stringify({ type: ['container'] }),
        ...(since === null ? {} : { since: seconds(since) }),
      };
      return stream({ method: 'GET', path: '/events', query }, signal, (answer) => readEvents(calls, answer));
    },
    async *logs(id, options, signal) {
      if (!isName(id) || signal.aborted) return;
      const look = () => calls.ask({ method: 'GET', path: `/containers/${id}/json` }, OPEN_TIMEOUT_MS);
      const seen = await look();
      if (seen.status === 404) return;
      const isOver = async (): Promise<boolean> => {
        const { status, object } = await look();
        return status === 404 || (status < 400 && ended.includes(readState(object).status));
      };
      const terminal = memberOf(seen.object, 'Config')['Tty'] === true;
      yield* stream(logRequest(id, options), signal, (answer) => readLog(calls, answer, terminal, isOver));
    },
  };
}

async function* readEvents(calls: Calls, answer: EngineAnswer): AsyncGenerator<ContainerEvent> {
  if (answer.status >= 400) throw hostFault(calls.host, await calls.refusal(answer));
  for await (const line of jsonLines(answer.body)) {
    const event = readEvent(line);
    if (event !== null) yield event;
  }
  throw faultOf(calls.host, 'host-unreachable', 'the engine ended its list of events');
}

const seconds = (ms: number): string => (ms / MS_PER_SECOND).toFixed(3);

function logRequest(id: string, { tail, follow, since }: LogOptions): HostRequest {
  const lines = Math.max(0, Math.min(Math.floor(tail), MAX_TAIL_LINES));
  const query = {
    ...{ stdout: '1', stderr: '1', timestamps: '1', tail: String(lines), follow: follow ? '1' : '0' },
    ...(since === undefined ? {} : { since: seconds(since) }),
  };
  return { method: 'GET', path: `/containers/${id}/logs`, query };
}

async function* readLog(
  calls: Calls,
  answer: EngineAnswer,
  terminal: boolean,
  isOver: () => Promise<boolean>,
): AsyncGenerator<ContainerLogLine> {
  if (answer.status === 404) return;
  if (answer.status >= 400) throw hostFault(calls.host, await calls.refusal(answer));
  const reader = createLogReader(terminal);
  const chunks: AsyncIterator<Buffer> = answer.body[Symbol.asyncIterator]();
  for (;;) {
    const chunk = await nextChunk(calls, chunks, isOver);
    if (chunk === null) return yield* reader.end();
    yield* reader.take(chunk);
  }
}

/**
 * The next bytes of a log; null at its end. An engine may keep a log open although its container has ended, so a silence makes us look. The
 * second look gives the last lines time to arrive.
 */
async function nextChunk(
  { clock }: Calls,
  chunks: AsyncIterator<Buffer>,
  isOver: () => Promise<boolean>,
): Promise<Buffer | null> {
  const next = chunks.next().catch((error: unknown) => {
    throw unreachable(error);
  });
  next.catch(() => undefined);
  for (let wasOver = false; ; wasOver = await isOver()) {
    const done = new AbortController();
    try {
      const result = await Promise.race([next, clock.sleep(LOOK_AFTER_MS, done.signal).then(() => null)]);
      if (result !== null) return result.done === true ? null : result.value;
      if (wasOver) return null;
    } finally {
      done.abort();
    }
  }
}
