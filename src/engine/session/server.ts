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
import { createFrameReader, framed } from './frames.js';
import type { SessionCall, SessionMethod } from './method.js';

/** Codes of https://grpc.github.io/grpc/core/md_doc_statuscodes.html. */
const OK = 0;
const UNKNOWN = 2;
const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;

/** Far more than BuildKit makes at a time. More calls are refused. */
const MAX_CONCURRENT_CALLS = 100;

/** Characters of a message sent in a header. */
const MAX_WORDS_CHARACTERS = 1000;

const options = {
  // BuildKit sends every pattern of a .dockerignore and every source of a COPY as a header of its own; Node's limits are for browsers.
  maxHeaderListPairs: 100_000,
  settings: { maxConcurrentStreams: MAX_CONCURRENT_CALLS },
};

/**
 * Serves gRPC methods on a socket to the engine: here *we* are the HTTP/2 server. Plain `node:http2`, because repeated headers must stay
 * separate: a library that joins them with commas mixes values up.
 *
 * No error is unhandled, whatever the engine does. It may reset a call at any moment, even before we see the call.
 */
export function serveSession(socket: Duplex, methods: readonly SessionMethod[], log: Log): ServerHttp2Session {
  const byPath = new Map(methods.map((method) => [method.path, method]));
  socket.on('error', (error) => log.debug({ err: error }, 'socket of the build session broke'));
  const session = performServerHandshake(socket, options);
  session.on('error', (error) => log.debug({ err: error }, 'engine broke off the build session'));
  const onStream = (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    _flags: number,
    rawHeaders: readonly string[],
  ): void => {
    const onError = (error: unknown): void => log.debug({ err: error }, 'engine broke off a session call');
    stream.on('error', onError);
    const path = String(headers[constants.HTTP2_HEADER_PATH]);
    const method = byPath.get(path);
    if (method === undefined) log.debug({ path }, 'engine asked the session for a method that is not served');
    const answering = method === undefined ? refuse(stream) : answer(stream, rawHeaders, method, log);
    answering.catch(onError);
  };
  session.on('stream', onStream);
  return session;
}

/** Rejects if the stream is gone, as `refuse` does. */
async function answer(
  stream: ServerHttp2Stream,
  rawHeaders: readonly string[],
  method: SessionMethod,
  log: Log,
): Promise<void> {
  let end: OutgoingHttpHeaders = { 'grpc-status': String(OK) };
  stream.on('wantTrailers', () => {
    if (!stream.destroyed && !stream.closed) stream.sendTrailers(end);
  });
  stream.respond(responseHeaders, { waitForTrailers: true });
  try {
    await method.serve(callOn(stream, rawHeaders, () => (end = { 'grpc-status': String(NOT_FOUND) })));
  } catch (error) {
    end = { 'grpc-status': String(UNKNOWN), 'grpc-message': wordsOf(error) };
    log.debug({ err: error, path: method.path }, 'session call of the engine failed');
  }
  if (!stream.destroyed) stream.end();
}

const responseHeaders = { ':status': 200, 'content-type': 'application/grpc' };

/** Only our own messages: others may contain what the engine's log should not. Percent-encoded, as gRPC requires. */
function wordsOf(error: unknown): string {
  const words = error instanceof SlipwayError ? error.message.slice(0, MAX_WORDS_CHARACTERS) : 'The call failed.';
  // A path that is not UTF-8 contains lone surrogates, which cannot be encoded.
  return encodeURIComponent(words.replace(/\p{Surrogate}/gu, '\uFFFD')).replaceAll('%20', ' ');
}

async function refuse(stream: ServerHttp2Stream): Promise<void> {
  const trailers = { 'grpc-status': String(UNIMPLEMENTED), 'grpc-message': 'not served' };
  stream.resume();
  stream.respond({ ...responseHeaders, ...trailers }, { endStream: true });
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

/** Writes messages with gRPC's framing and respects backpressure. One listener for all writes, because a sync makes thousands. */
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

const brokenOff = (cause?: unknown): SlipwayError =>
  new SlipwayError('engine-unavailable', 'The engine broke the session call off.', { cause });

async function* messagesOf(stream: Duplex): AsyncGenerator<Buffer> {
  const reader = createFrameReader();
  for await (const chunk of chunksOf(stream)) yield* reader.take(chunk);
}

async function* chunksOf(stream: Duplex): AsyncGenerator<Buffer> {
  // A reader that stops early still answers on the same stream.
  const chunks: AsyncIterable<Buffer> = stream.iterator({ destroyOnReturn: false });
  try {
    yield* chunks;
  } catch (error) {
    throw brokenOff(error);
  }
}
