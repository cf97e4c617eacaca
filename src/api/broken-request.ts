import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { SlipwayError } from '../errors.js';
import { problem } from './problem.js';
import { securityHeaders } from './security-headers.js';

/** Answers bytes that are not an HTTP request with a normal error, and closes the connection. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const known = asKnown(error);
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : known.status;
  const body = JSON.stringify({ ...problem(known), status });
  const headers = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...securityHeaders,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
  // Not `end`: the client could then keep its half of the connection open.
  socket.destroySoon();
}

function asKnown(cause: Error & { readonly code?: string }): SlipwayError {
  if (cause.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new SlipwayError('request-timeout', 'The headers came too slowly.', { cause });
  }
  return new SlipwayError('invalid-request', 'This is not an HTTP request that can be read.', { cause });
}
