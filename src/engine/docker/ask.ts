import type { Clock } from '../../clock.js';
import { errorMessage, readObject, type JsonObject } from '../../docker/answer.js';
import type { Connection, EngineRequest } from '../../docker/connection.js';
import { within } from '../../docker/deadline.js';
import { engineFault } from '../messages/faults.js';

/** A short answer. For the two statuses that say something about the object, `message` is the engine's. */
export interface ShortAnswer {
  readonly status: number;
  readonly object: JsonObject;
}

export type Ask = (request: EngineRequest, patienceMs: number) => Promise<ShortAnswer>;

/**
 * One question, one answer, in bounded time. "There is none" (404) and "still needed" (409) are answers. Other error statuses fail with
 * `engine-error`, silence with `engine-unavailable`.
 */
export function createAsk(connection: Connection, clock: Clock): Ask {
  return (request, patienceMs) =>
    within(clock, patienceMs, async (signal) => {
      const answer = await connection.send({ ...request, signal });
      if (answer.status < 400) return { status: answer.status, object: await readObject(answer.body) };
      const message = await errorMessage(answer);
      if (answer.status === 404 || answer.status === 409) return { status: answer.status, object: { message } };
      throw engineFault(message, answer.status);
    });
}
