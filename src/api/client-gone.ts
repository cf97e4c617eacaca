import type { FastifyReply } from 'fastify';
import { onceOver } from './once-over.js';

/** Aborts when a request is over, answered or not. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  onceOver(reply, () => gone.abort());
  return gone.signal;
}
