import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** Callbacks for a closing connection. One listener per connection: a client may send many requests before it reads an answer. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back once when a request is answered or its connection is gone. The response alone does not show that: one that waits behind
 * another on the same connection never closes (nodejs/node's `_http_server.js` closes only the response that has the socket).
 */
export function onceOver(reply: FastifyReply, callback: () => void): void {
  const { socket } = reply.request.raw;
  if (reply.raw.destroyed || socket.destroyed) return callback();
  const callbacks = onClose(socket);
  const over = () => {
    reply.raw.off('close', over);
    if (callbacks.delete(over)) callback();
  };
  callbacks.add(over);
  reply.raw.once('close', over);
}

function onClose(socket: Socket): Set<() => void> {
  const known = waiting.get(socket);
  if (known) return known;
  const callbacks = new Set<() => void>();
  waiting.set(socket, callbacks);
  socket.once('close', () => {
    for (const callback of [...callbacks]) callback();
  });
  return callbacks;
}
