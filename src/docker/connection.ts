import { IncomingMessage, type Agent, type OutgoingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import { SlipwayError } from '../errors.js';
import type { Secret } from '../secret.js';
import { createAgent, redirectOf } from './agent.js';

/** Contents of PEM files, not their names. */
export interface EngineTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: Secret | null;
}

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: OutgoingHttpHeaders;
  /** A stream is sent chunked, and its error ends the request. */
  readonly body?: Readable | Buffer;
  readonly signal?: AbortSignal;
  /** 304 is an answer: there was nothing to change. */
  readonly mayBeDone?: boolean;
}

/** An answer whose status has arrived. Its body must be read or destroyed. */
export interface EngineAnswer {
  readonly status: number;
  readonly body: Readable;
}

/**
 * The engine's API as requests and answers. Both methods fail with `engine-unavailable` if the engine cannot be reached, with `engine-error`
 * if it redirects, or with the signal's reason. No error of a connection is ever unhandled.
 */
export interface Connection {
  send(request: EngineRequest): Promise<EngineAnswer>;
  /** A POST that ends in a raw two-way socket, which the signal no longer affects. Returns the status if the engine answers instead. */
  upgrade(path: string, headers: OutgoingHttpHeaders, signal: AbortSignal): Promise<Socket | number>;
}

type DialOptions = Parameters<Docker['modem']['dial']>[0];

const NOTHING_CHANGED = 304;

/** Every status is an answer here. dockerode would turn others into errors with only a text. */
const everyStatus = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [200 + index, true]));

/**
 * Connects to an engine at `unix://PATH`, or `tcp://HOST:PORT` with or without TLS. Uses dockerode's `dial` instead of its methods, because
 * those that read a whole answer never settle if the connection breaks halfway. The engine chooses the API version, because no single
 * version works from 20.10 to 29. Fails with `invalid-configuration` for any other address.
 */
export function connectEngine(host: string, tls: EngineTls | null): Connection {
  const options: Docker.DockerOptions & { agent: Agent } = {
    ...addressOf(host, tls),
    agent: createAgent(tls !== null),
  };
  const { modem } = new Docker(options);
  const dial = (options: DialOptions): Promise<unknown> =>
    new Promise((resolve, reject) =>
      modem.dial({ ...options, isStream: true, statusCodes: everyStatus }, (error, result) => {
        // It may break before anybody reads it, or after the last reader has left.
        if (result instanceof Socket || result instanceof IncomingMessage) result.on('error', () => undefined);
        if (error === null) resolve(result);
        else reject(error);
      }),
    );
  return {
    async send({ method, path, query, headers, body, signal, mayBeDone }) {
      signal?.throwIfAborted();
      const answer = await dial({
        method,
        path: query === undefined ? path : `${path}?`,
        options: query === undefined ? undefined : { _query: query, _body: {} },
        headers: { ...headers },
        file: body,
        abortSignal: signal,
      }).catch((error: unknown) => {
        throw signal?.aborted === true ? signal.reason : unreachable(error);
      });
      if (!(answer instanceof IncomingMessage)) throw unreachable(answer);
      if (mayBeDone !== true || answer.statusCode !== NOTHING_CHANGED) refuseRedirect(answer);
      return { status: answer.statusCode ?? 0, body: answer };
    },
    async upgrade(path, headers, signal) {
      signal.throwIfAborted();
      // An empty body of known length: a chunked one would leave its end mark on the socket.
      const socket = await dial({
        method: 'POST',
        path,
        headers: { ...headers },
        hijack: true,
        file: Buffer.alloc(0),
        abortSignal: signal,
      }).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : unreachable(error);
      });
      if (socket instanceof Socket) return socket;
      if (!(socket instanceof IncomingMessage)) throw unreachable(socket);
      refuseRedirect(socket);
      socket.destroy();
      return socket.statusCode ?? 0;
    },
  };
}

function refuseRedirect(answer: IncomingMessage): void {
  const target = redirectOf(answer);
  if (target === null) return;
  answer.destroy();
  throw new SlipwayError(
    'engine-error',
    `The Docker Engine redirects to ${target} (HTTP status ${answer.statusCode}). Redirects are not followed: the address must be that of the engine itself.`,
  );
}

/** Only what dockerode needs for the address: it fills missing members from the environment, so even undefined ones must be set. */
function addressOf(host: string, tls: EngineTls | null): Docker.DockerOptions {
  const nothing = {
    host: undefined,
    port: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
    timeout: undefined,
  };
  if (host.startsWith('unix://')) return { ...nothing, protocol: 'http', socketPath: host.slice('unix://'.length) };
  const url = URL.canParse(host) ? new URL(host) : null;
  if (url?.protocol !== 'tcp:') {
    throw new SlipwayError('invalid-configuration', `The engine's address is neither unix:// nor tcp://: ${host}`);
  }
  return {
    ...nothing,
    protocol: tls === null ? 'http' : 'https',
    host: url.hostname,
    port: url.port === '' ? (tls === null ? 2375 : 2376) : Number(url.port),
    ca: tls?.ca ?? undefined,
    cert: tls?.cert ?? undefined,
    key: tls?.key?.reveal(),
  };
}

/** A name or id as part of a path. */
export function inPath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/** The connection failed or broke: whatever the reason, there is no answer. */
export function unreachable(cause: unknown): SlipwayError {
  const why = typeof cause === 'object' && cause !== null && 'message' in cause ? `: ${String(cause.message)}` : '';
  return new SlipwayError('engine-unavailable', `The Docker Engine does not answer${why}`, { cause });
}
