import { once } from 'node:events';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { abortWith } from '../../clock.js';
import type { HttpAnswer } from './find-version.js';

export interface HttpQuestion {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks a container. A text says why there is no answer. */
export type AskHttp = (question: HttpQuestion, signal: AbortSignal) => Promise<HttpAnswer | string>;

/** For the whole exchange. */
const TIMEOUT_MS = 5_000;
/** Of the body; the rest is not read. */
const MAX_BYTES = 65_536;

/**
 * One GET over HTTP/1.1. No redirect is followed. The certificate of a container is not checked: it is asked at an address of its host, for
 * which no authority signs one, and the answer is not a secret.
 */
export const askHttp: AskHttp = async (question, stopping) => {
  const over = new AbortController();
  const unlink = abortWith(over, stopping);
  const timer = setTimeout(() => over.abort(), TIMEOUT_MS);
  try {
    return await ask(question, over.signal);
  } catch (error) {
    if (over.signal.aborted) return `no answer within ${TIMEOUT_MS / 1000} seconds`;
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
    unlink();
  }
};

async function ask({ url, headers }: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer> {
  const request = url.protocol === 'https:' ? secureRequest : plainRequest;
  const all = { 'user-agent': 'slipway', ...headers };
  const asking = request(url, { method: 'GET', headers: all, agent: false, signal, rejectUnauthorized: false });
  // After the answer has begun, its reader fails with it.
  asking.on('error', () => undefined);
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return readAnswer(answer);
}

async function readAnswer(answer: IncomingMessage): Promise<HttpAnswer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    // Leaving the loop ends the connection.
    if (bytes >= MAX_BYTES) break;
  }
  const body = Buffer.concat(parts).subarray(0, MAX_BYTES).toString();
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}
