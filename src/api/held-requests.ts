import type { FastifyReply } from 'fastify';
import { SlipwayError } from '../errors.js';
import { onceOver } from './once-over.js';

declare module 'fastify' {
  interface FastifyInstance {
    held: HeldRequests;
  }
}

/** Requests that stay open as long as the client likes: event streams, followed logs, waits for a build. */
export interface HeldRequests {
  /** Counts the request until it is over. Fails with `too-many-requests` if its caller has too many. */
  hold(reply: FastifyReply): void;
  /** How many are open now. */
  count(): number;
}

/** `perCaller`: requests per token. All callers without a token count as one. */
export function createHeldRequests(perCaller: number): HeldRequests {
  const counts = new Map<string | null, number>();
  return {
    count: () => [...counts.values()].reduce((sum, one) => sum + one, 0),
    hold(reply) {
      const caller = reply.request.token?.name ?? null;
      const count = counts.get(caller) ?? 0;
      if (count >= perCaller) {
        const message = `There are ${count} open streams and waits of this caller, and no more are allowed.`;
        throw new SlipwayError('too-many-requests', message);
      }
      counts.set(caller, count + 1);
      onceOver(reply, () => {
        const left = (counts.get(caller) ?? 1) - 1;
        if (left > 0) counts.set(caller, left);
        else counts.delete(caller);
      });
    },
  };
}
