import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { SlipwayError } from '../../errors.js';

/** A larger payload is not parsed whole: one of 25 MB may hold ten million values. */
const MAX_PARSED_BYTES = 64 * 1024;
/** Bytes that are gone through before other work gets its turn: a millisecond or two. */
const TURN_BYTES = 128 * 1024;

/**
 * The JSON of a signed body, which GitHub sends as it is or as the form field `payload`. From a large one, only
 * the `wanted` members are taken, each of at most `maxMemberBytes`, and other work gets its turn in between. Fails with `invalid-payload`.
 */
export async function readPayload(
  body: Buffer,
  contentType: string | null,
  wanted: readonly string[],
  maxMemberBytes = MAX_PARSED_BYTES,
): Promise<unknown> {
  const json = isForm(contentType) ? await formPayload(body) : body;
  if (json === null) throw new SlipwayError('invalid-payload', 'The form has no field "payload".');
  if (!isUtf8(json)) throw notJson('it is not UTF-8');
  return json.length <= MAX_PARSED_BYTES ? parse(json) : membersOf(json, wanted, maxMemberBytes);
}

function isForm(contentType: string | null): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

const field = 'payload=';

async function formPayload(body: Buffer): Promise<Buffer | null> {
  let at = 0;
  if (!body.toString('latin1', 0, field.length).startsWith(field)) {
    at = body.indexOf(`&${field}`) + 1;
    if (at === 0) return null;
  }
  const start = at + field.length;
  const end = body.indexOf('&', start);
  return decoded(body.subarray(start, end < 0 ? body.length : end));
}

const PERCENT = 0x25;

/** A value of a form (https://url.spec.whatwg.org/#urlencoded-parsing). */
async function decoded(value: Buffer): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(value.length);
  let length = 0;
  for (let at = 0, turn = TURN_BYTES; at < value.length; at += 1) {
    if (at > turn) {
      turn = at + TURN_BYTES;
      await setImmediate();
    }
    const byte = value[at] ?? 0;
    const code = byte === PERCENT ? hexAt(value, at + 1) : -1;
    if (code >= 0) at += 2;
    bytes[length] = code >= 0 ? code : byte === 0x2b ? 0x20 : byte;
    length += 1;
  }
  return bytes.subarray(0, length);
}

/** Two hexadecimal digits; -1: they are not. */
function hexAt(value: Buffer, at: number): number {
  const [high, low] = [digit(value[at]), digit(value[at + 1])];
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function digit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch (cause) {
    throw notJson('it cannot be parsed', cause);
  }
}

function notJson(why: string, cause?: unknown): SlipwayError {
  return new SlipwayError('invalid-payload', `The payload is not JSON: ${why}.`, { cause });
}

async function membersOf(
  json: Buffer,
  wanted: readonly string[],
  maxBytes: number,
): Promise<Readonly<Record<string, unknown>>> {
  const members = new Members(json, new Set(wanted), maxBytes);
  for (let at = 0; at < json.length; at += TURN_BYTES) {
    if (at > 0) await setImmediate();
    members.take(at, Math.min(at + TURN_BYTES, json.length));
  }
  return members.found();
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Finds where the members of an object begin and end. What is in those that nobody wants is not checked. */
class Members {
  readonly #found: Record<string, unknown> = {};
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  #isOver = false;
  /** Of the member that is gone through: where it begins, its colon (-1: not seen yet), and its end without blanks. */
  #start = 0;
  #colon = -1;
  #last = 0;

  constructor(
    private readonly json: Buffer,
    private readonly wanted: ReadonlySet<string>,
    private readonly maxBytes: number,
  ) {}

  take(from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const byte = this.json[at] ?? 0;
      if (!this.#inText) this.#mark(byte, at);
      else if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) {
        this.#inText = false;
        this.#last = at + 1;
      }
    }
  }

  found(): Readonly<Record<string, unknown>> {
    if (!this.#isOver) throw notJson('it ends early');
    return this.#found;
  }

  #mark(byte: number, at: number): void {
    if (byte <= 0x20) return;
    if (this.#isOver || (this.#depth === 0 && byte !== OPEN_OBJECT))
      throw notJson('it is more, or less, than an object');
    if (byte === QUOTE) this.#inText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(at);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close(at);
    else if (this.#depth === 1 && byte === COLON && this.#colon < 0) this.#colon = at;
    else if (this.#depth === 1 && byte === COMMA) this.#end(at);
    this.#last = at + 1;
  }

  #open(at: number): void {
    this.#depth += 1;
    if (this.#depth === 1) this.#start = at + 1;
  }

  #close(at: number): void {
    if (this.#depth === 1) this.#end(at);
    this.#depth -= 1;
    this.#isOver = this.#depth === 0;
  }

  #end(at: number): void {
    const [start, colon, end] = [this.#start, this.#colon, this.#last];
    [this.#start, this.#colon] = [at + 1, -1];
    if (colon < 0 || colon - start > MAX_PARSED_BYTES) return;
    const name = parse(this.json.subarray(start, colon));
    if (typeof name !== 'string' || !this.wanted.has(name)) return;
    if (end - colon > this.maxBytes) throw notJson(`"${name}" has more than ${this.maxBytes} bytes`);
    this.#found[name] = parse(this.json.subarray(colon + 1, end));
  }
}
