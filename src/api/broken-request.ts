import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { SlipwayError } from '../errors.js';
import { problem } from './problem.js';

/** Node's codes of requests that never became one, and the status that each asks for; any other is a 400. */
const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers bytes that are no HTTP request, as every other error is answered, and closes the connection. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = statuses[error.code ?? ''] ?? 400;
  const known = new SlipwayError('invalid-request', 'This is not an HTTP request that can be read.', { cause: error });
  const body = JSON.stringify({ ...problem(known), status });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
