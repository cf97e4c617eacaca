import type { Clock } from '../../clock.js';
import { errorMessage, isObject, readObject, readValue, type JsonObject } from '../../docker/answer.js';
import type { Connection, EngineAnswer, EngineRequest } from '../../docker/connection.js';
import { within } from '../../docker/deadline.js';
import { asHostFault, hostFault, type Refusal } from '../messages/faults.js';

export type HostRequest = Omit<EngineRequest, 'body' | 'signal'> & { readonly json?: JsonObject };

/** `words` are the engine's, of an answer with an error status. */
export interface HostAnswer extends Refusal {
  readonly object: JsonObject;
}

/** What the parts of a host share: requests whose failures are those of the host. */
export interface Calls {
  readonly host: string;
  readonly clock: Clock;
  /** One question, one answer, in bounded time. Every status is an answer. */
  ask(request: HostRequest, patienceMs: number): Promise<HostAnswer>;
  /** As `ask`, for a list of objects. Fails for an error status. */
  list(request: HostRequest, patienceMs: number): Promise<readonly JsonObject[]>;
  /** An answer of any length; its beginning has to come within `patienceMs`. The body must be read or destroyed. */
  open(request: HostRequest, patienceMs: number, signal: AbortSignal): Promise<EngineAnswer>;
  /** The engine's words in an opened answer with an error status, in bounded time. */
  refusal(answer: EngineAnswer): Promise<Refusal>;
  /** Any error as one of the host. */
  fault(error: unknown): unknown;
}

export interface CallsDeps {
  readonly host: string;
  readonly connection: Connection;
  readonly clock: Clock;
  /** What the way to the host says of itself. Null: nothing. */
  readonly wayFault: () => string | null;
}

const WORDS_TIMEOUT_MS = 10_000;
const emptyStatuses: readonly number[] = [204, 304];

export function createCalls({ host, connection, clock, wayFault }: CallsDeps): Calls {
  const fault = (error: unknown): unknown => asHostFault(host, error, wayFault());
  const bounded = <T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    within(clock, ms, work).catch((error: unknown) => {
      throw fault(error);
    });
  return {
    host,
    clock,
    fault,
    refusal: ({ status, body }) =>
      bounded(WORDS_TIMEOUT_MS, async () => ({ status, words: await errorMessage({ status, body }) })).finally(() =>
        body.destroy(),
      ),
    ask: (request, patienceMs) =>
      bounded(patienceMs, async (signal) => {
        const answer = await connection.send({ ...engineRequest(request), signal });
        const { status } = answer;
        if (status >= 400) return { status, object: {}, words: await errorMessage(answer) };
        if (!emptyStatuses.includes(status)) return { status, object: await readObject(answer.body), words: '' };
        answer.body.resume();
        return { status, object: {}, words: '' };
      }),
    list: (request, patienceMs) =>
      bounded(patienceMs, async (signal) => {
        const answer = await connection.send({ ...engineRequest(request), signal });
        const { status } = answer;
        if (status >= 400) throw hostFault(host, { status, words: await errorMessage(answer) });
        const value = await readValue(answer.body);
        return Array.isArray(value) ? value.filter(isObject) : [];
      }),
    async open(request, patienceMs, signal) {
      signal.throwIfAborted();
      const stop = new AbortController();
      const abort = (): void => stop.abort(signal.reason);
      signal.addEventListener('abort', abort);
      const opening = connection.send({ ...engineRequest(request), signal: stop.signal });
      try {
        const answer = await within(clock, patienceMs, () => opening);
        const { body } = answer;
        // The request's signal does not reach a body that is being read.
        if (signal.aborted) body.destroy();
        body.once('close', () => signal.removeEventListener('abort', abort));
        stop.signal.addEventListener('abort', () => body.destroy(), { once: true });
        return answer;
      } catch (error) {
        signal.removeEventListener('abort', abort);
        stop.abort();
        throw signal.aborted ? signal.reason : fault(error);
      }
    },
  };
}

function engineRequest({ json, headers, ...request }: HostRequest): EngineRequest {
  if (json === undefined) return { ...request, headers };
  return {
    ...request,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: Buffer.from(JSON.stringify(json)),
  };
}
