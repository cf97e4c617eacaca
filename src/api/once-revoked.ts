import type { FastifyReply } from 'fastify';
import { mayGoOn } from './auth.js';
import type { ApiDeps } from './deps.js';
import { onceOver } from './once-over.js';

/** A session ends by itself, without an event (ms). */
const LOOK_EVERY_MS = 15_000;

export type RevokedDeps = Pick<ApiDeps, 'events' | 'tokens' | 'anonymousRead' | 'metrics' | 'clock'>;

/**
 * Calls `end` once if the caller of an open request may no longer read: the token was removed or changed, its session is over, or anonymous
 * reading was switched off.
 */
export function onceRevoked(reply: FastifyReply, deps: RevokedDeps, end: () => void): void {
  const stop = () => {
    unsubscribe();
    clearInterval(timer);
  };
  const look = () => {
    if (mayGoOn(reply.request, deps)) return;
    stop();
    end();
  };
  const unsubscribe = deps.events.subscribe(({ type }) => {
    if (type === 'configuration') look();
  });
  const timer = setInterval(look, LOOK_EVERY_MS);
  onceOver(reply, stop);
}
