import type { Readable } from 'node:stream';
import { parseBounded } from '../bounded-json.js';
import { SlipwayError } from '../errors.js';
import { ByteCollector } from './byte-collector.js';
import { unreachable, type EngineAnswer } from './connection.js';

/** A JSON object as it came; members are looked at one by one. */
export type JsonObject = Readonly<Record<string, unknown>>;

const LINE_FEED = 0x0a;

/** Limit of a short answer. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Limit of an output line. A line with the state of all steps is far shorter. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Limit of an error message. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** The body up to a little more than the limit. Fails with `engine-unavailable` if the connection breaks first. */
async function readUpTo(body: Readable, limit: number): Promise<Buffer> {
  const bytes = new ByteCollector();
  try {
    for await (const chunk of body) {
      bytes.append(Buffer.from(chunk));
      if (bytes.size > limit) break;
    }
  } catch (error) {
    throw unreachable(error);
  }
  return bytes.take();
}

/** The body as a JSON object, or an empty one if it is something else. Fails with `engine-error` over 16 MiB. */
export async function readObject(body: Readable): Promise<JsonObject> {
  const bytes = await readUpTo(body, MAX_ANSWER_BYTES);
  if (bytes.length > MAX_ANSWER_BYTES)
    throw new SlipwayError('engine-error', 'The engine sent an answer of more than 16 MiB.');
  return parseObject(bytes) ?? {};
}

/** The body as a JSON value. Fails with `engine-error` over 16 MiB, for more values than `parseBounded` takes, or if it is not JSON. */
export async function readValue(body: Readable): Promise<unknown> {
  const bytes = await readUpTo(body, MAX_ANSWER_BYTES);
  const value = bytes.length > MAX_ANSWER_BYTES ? undefined : parseBounded(bytes);
  if (value === undefined)
    throw new SlipwayError('engine-error', 'The engine sent an answer that is too large, or is not JSON.');
  return value;
}

/**
 * JSON objects, one a line, as they arrive. Ends only if the engine ended its answer. Fails with `engine-unavailable` if the connection
 * breaks, `engine-error` for a line that is not an object or is over 16 MiB. Linear in any input.
 */
export async function* jsonLines(body: Readable): AsyncGenerator<JsonObject> {
  const line = new ByteCollector();
  const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw unreachable(error);
      });
      if (next.done === true) break;
      let start = 0;
      for (let end = next.value.indexOf(LINE_FEED); end !== -1; end = next.value.indexOf(LINE_FEED, start)) {
        line.append(next.value.subarray(start, end));
        yield* objectIn(line.take());
        start = end + 1;
      }
      line.append(next.value.subarray(start));
      if (line.size > MAX_LINE_BYTES)
        throw new SlipwayError('engine-error', 'The engine sent a line of more than 16 MiB.');
    }
    yield* objectIn(line.take());
  } finally {
    // A reader that stops early would leave the connection open.
    body.destroy();
  }
}

function* objectIn(line: Buffer): Generator<JsonObject> {
  const object = parseObject(line);
  if (object !== null) return yield object;
  const text = line.toString();
  if (text.trim() !== '')
    throw new SlipwayError('engine-error', `The engine sent a line that is not a JSON object: ${text.slice(0, 200)}`);
}

function parseObject(text: Buffer): JsonObject | null {
  const value = parseBounded(text);
  return isObject(value) ? value : null;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text member, or ''. */
export function textOf(object: JsonObject, member: string): string {
  const value = object[member];
  return typeof value === 'string' ? value : '';
}

/** A member that is an object, or an empty one. */
export function memberOf(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

/** The texts of a list; empty if the value is not a list. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

/** The engine's message if the answer or line reports an error, else null. */
export function reportedError(object: JsonObject): string | null {
  const detail = object['errorDetail'];
  const words = (isObject(detail) ? textOf(detail, 'message') : '') || textOf(object, 'error');
  return words === '' ? null : words;
}

/** The message of an answer with an error status, up to 64 KiB. */
export async function errorMessage(answer: EngineAnswer): Promise<string> {
  const bytes = (await readUpTo(answer.body, MAX_MESSAGE_BYTES)).subarray(0, MAX_MESSAGE_BYTES);
  const text = bytes.toString();
  const object = parseObject(bytes);
  return (object === null ? '' : textOf(object, 'message')) || text.trim() || `HTTP status ${answer.status}`;
}
