import {
  constants,
  performServerHandshake,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { SlipwayError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { SessionCall, SessionMethod } from './method.js';

/** Codes of https://grpc.github.io/grpc/core/md_doc_statuscodes.html. */
const ok = 0;
const unknown = 2;
const missing = 5;
const unimplemented = 12;

const prefixLength = 5;

/** BuildKit sends every pattern of a .dockerignore and every source of a COPY as a header of its own; Node's limits are for browsers. */
const headerLimits = { maxHeaderListPairs: 100_000 };

/**
 * Serves gRPC methods on a socket whose other end is the engine: here *we* are the HTTP/2 server. Plain `node:http2`, because the headers
 * are needed as they were sent: a library that joins repeated ones with commas mixes values up.
 */
export function serveSession(socket: Duplex, methods: readonly SessionMethod[], log: Log): ServerHttp2Session {
  const byPath = new Map(methods.map((method) => [method.path, method]));
  const session = performServerHandshake(socket, headerLimits);
  session.on('error', (error) => log.debug({ err: error }, 'The engine broke the build session off.'));
  const onStream = (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    _flags: number,
    rawHeaders: readonly string[],
  ): void => {
    stream.on('error', (error) => log.debug({ err: error }, 'The engine broke a session call off.'));
    const path = String(headers[constants.HTTP2_HEADER_PATH]);
    const method = byPath.get(path);
    if (method === undefined) {
      log.debug({ path }, 'The engine asked the session for a method that is not served.');
      refuse(stream, unimplemented, 'not served');
      return;
    }
    void answer(stream, rawHeaders, method, log);
  };
  session.on('stream', onStream);
  return session;
}

async function answer(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  method: SessionMethod,
  log: Log,
): Promise<void> {
  let end: OutgoingHttpHeaders = { 'grpc-status': String(ok) };
  stream.on('wantTrailers', () => stream.sendTrailers(end));
  stream.respond(responseHeaders, { waitForTrailers: true });
  try {
    await method.serve(callOn(stream, rawHeaders, () => (end = { 'grpc-status': String(missing) })));
  } catch (error) {
    end = { 'grpc-status': String(unknown), 'grpc-message': wordsOf(error) };
    log.debug({ err: error, path: method.path }, 'A call of the engine on the build session failed.');
  }
  if (!stream.destroyed) stream.end();
}

const responseHeaders = { ':status': 200, 'content-type': 'application/grpc' };

/** Only our own words: others' may hold what the engine's log should not. Percent-encoded, as gRPC wants it. */
function wordsOf(error: unknown): string {
  const words = error instanceof SlipwayError ? error.message : 'The call failed.';
  // A path that is not UTF-8 has halves of characters, which cannot be encoded.
  return encodeURIComponent(words.replace(/\p{Surrogate}/gu, '\uFFFD')).replaceAll('%20', ' ');
}

function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  stream.resume();
  stream.respond({ ...responseHeaders, 'grpc-status': String(status), 'grpc-message': message }, { endStream: true });
}

function callOn(stream: ServerHttp2Stream, rawHeaders: readonly string[], notFound: () => void): SessionCall {
  const write = writerOf(stream);
  return {
    metadata: (name) =>
      rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name),
    messages: messagesOf(stream),
    send: (message) => write([message]),
    sendAll: write,
    notFound,
  };
}

/** Writes messages with gRPC's framing; waits while the stream has enough. One listener for all waiting: a sync writes thousands of times. */
function writerOf(stream: ServerHttp2Stream): (messages: readonly Buffer[]) => Promise<void> {
  const waiting = new Set<() => void>();
  const goOn = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  stream.on('drain', goOn).on('close', goOn);
  return async (messages) => {
    if (stream.destroyed) throw brokenOff();
    if (!stream.write(framed(messages))) await new Promise<void>((resolve) => waiting.add(resolve));
  };
}

/** One byte for compression (none), four for the length, the message. */
function framed(messages: readonly Buffer[]): Buffer {
  const frames = Buffer.allocUnsafe(messages.reduce((sum, { length }) => sum + prefixLength + length, 0));
  let at = 0;
  for (const message of messages) {
    frames[at] = 0;
    frames.writeUInt32BE(message.length, at + 1);
    message.copy(frames, at + prefixLength);
    at += prefixLength + message.length;
  }
  return frames;
}

const brokenOff = (cause?: unknown): SlipwayError =>
  new SlipwayError('engine-unavailable', 'The engine broke the session call off.', { cause });

/** Takes gRPC's framing off: one byte for compression (we offer none), four for the length. */
async function* messagesOf(stream: Duplex): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of chunksOf(stream)) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= prefixLength) {
      const end = prefixLength + pending.readUInt32BE(1);
      if (pending.length < end) break;
      yield pending.subarray(prefixLength, end);
      pending = pending.subarray(end);
    }
  }
}

async function* chunksOf(stream: Duplex): AsyncGenerator<Buffer> {
  // Who stops reading early still wants to answer on the same stream.
  const chunks: AsyncIterable<Buffer> = stream.iterator({ destroyOnReturn: false });
  try {
    yield* chunks;
  } catch (error) {
    throw brokenOff(error);
  }
}
