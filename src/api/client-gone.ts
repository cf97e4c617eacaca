import type { FastifyReply } from 'fastify';

/** Aborts when the connection of a request is over, answered or not: nobody waits any longer. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.destroyed) gone.abort();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
