import type { FastifyReply, FastifyRequest } from 'fastify';
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

/** Callers without a token together have this many times what one address has. */
const ANONYMOUS_SHARES = 4;

/**
 * `perCaller`: requests per token. Browsers that are logged in with a token count apart from programs that use it, so that neither takes the
 * other's. Callers without a token count by their address, and together.
 */
export function createHeldRequests(perCaller: number): HeldRequests {
  const counts = new Map<string, number>();
  let open = 0;
  let anonymous = 0;
  return {
    count: () => open,
    hold(reply) {
      const { request } = reply;
      const caller = callerOf(request);
      const count = counts.get(caller) ?? 0;
      if (count >= perCaller) throw refused(`There are ${count} open streams and waits of this caller`);
      const isAnonymous = request.token === null;
      if (isAnonymous && anonymous >= ANONYMOUS_SHARES * perCaller)
        throw refused(`There are ${anonymous} open streams and waits of callers without a token`);
      const add = (one: 1 | -1) => {
        open += one;
        if (isAnonymous) anonymous += one;
        const now = (counts.get(caller) ?? 0) + one;
        if (now > 0) counts.set(caller, now);
        else counts.delete(caller);
      };
      add(1);
      onceOver(reply, () => add(-1));
    },
  };
}

function callerOf({ token, byCookie, address }: FastifyRequest): string {
  if (token === null) return `address ${address}`;
  return `${byCookie ? 'browser' : 'program'} ${token.name}`;
}

const refused = (count: string): SlipwayError =>
  new SlipwayError('too-many-requests', `${count}, and no more are allowed.`);
