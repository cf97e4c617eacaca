import type { Readable } from 'node:stream';
import { SlipwayError } from '../errors.js';
import { unreachable, type EngineAnswer } from './connection.js';

/** A JSON object as it came; members are looked at one by one. */
export type JsonObject = Readonly<Record<string, unknown>>;

const longestLine = 16 * 1024 * 1024;

/** The whole body. Fails with `engine-unavailable` where the connection breaks first. */
export async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) chunks.push(Buffer.from(chunk));
  } catch (error) {
    throw unreachable(error);
  }
  return Buffer.concat(chunks).toString();
}

/** The body as one JSON object; an empty one where it is something else. */
export async function readObject(body: Readable): Promise<JsonObject> {
  return parseObject(await readText(body)) ?? {};
}

/**
 * A body of JSON objects, one a line, as they arrive. Ends only where the engine ended its answer; throws `engine-unavailable` where the
 * connection broke, and `engine-error` for a line that is no object.
 */
export async function* jsonLines(body: Readable): AsyncGenerator<JsonObject> {
  let rest = '';
  const chunks = body.setEncoding('utf8')[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next: IteratorResult<string> = await chunks.next().catch((error: unknown) => {
        throw unreachable(error);
      });
      if (next.done === true) break;
      const lines = (rest + next.value).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > longestLine)
        throw new SlipwayError('engine-error', 'The engine sent a line of more than 16 MiB.');
      for (const line of lines) yield* objectIn(line);
    }
    yield* objectIn(rest);
  } finally {
    // Who stops early, at an error for example, would leave the connection open. Of an answer that was read to its end nothing is left.
    body.destroy();
  }
}

function* objectIn(line: string): Generator<JsonObject> {
  if (line.trim() === '') return;
  const object = parseObject(line);
  if (object === null)
    throw new SlipwayError('engine-error', `The engine sent a line that is no JSON object: ${line.slice(0, 200)}`);
  yield object;
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text member; '' where there is none. */
export function textOf(object: JsonObject, member: string): string {
  const value = object[member];
  return typeof value === 'string' ? value : '';
}

/** The engine's own words in an answer or a line that reports an error; null where it reports none. */
export function reportedError(object: JsonObject): string | null {
  const detail = object['errorDetail'];
  const words = (isObject(detail) ? textOf(detail, 'message') : '') || textOf(object, 'error');
  return words === '' ? null : words;
}

/** The message of an answer with an error status. */
export async function errorMessage(answer: EngineAnswer): Promise<string> {
  const text = await readText(answer.body);
  const object = parseObject(text);
  return (object === null ? '' : textOf(object, 'message')) || text.trim() || `HTTP status ${answer.status}`;
}
