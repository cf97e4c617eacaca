import { SlipwayError } from '../../errors.js';

/** One field of a protobuf message as it is on the wire: scalars as numbers, everything else as bytes. */
export type WireField =
  | { readonly number: number; readonly kind: 'scalar'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer };

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Fields that may still be read. */
export interface FieldBudget {
  left: number;
}

/** Of one message with those inside of it: a few bytes are enough for one, and a message may have megabytes. */
const MAX_FIELDS = 100_000;

export const fieldBudget = (): FieldBudget => ({ left: MAX_FIELDS });

/**
 * Fields of one message, in order (https://protobuf.dev/programming-guides/encoding/). Integers are read as signed 64 bit and given as
 * numbers: sizes, times and enums fit. Fails with `engine-error` where the bytes are no message, or are more fields than the budget has.
 */
export function* readFields(message: Buffer, budget = fieldBudget()): Generator<WireField> {
  let at = 0;
  const takeByte = (): number => {
    const byte = message[at];
    if (byte === undefined) throw malformed();
    at += 1;
    return byte;
  };
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > message.length) throw malformed();
    at += length;
    return message.subarray(at - length, at);
  };
  const takeVarint = (): number => {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = takeByte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = takeByte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw malformed();
  };
  while (at < message.length) {
    budget.left -= 1;
    if (budget.left < 0) throw new SlipwayError('engine-error', 'The engine sent a message of too many fields.');
    const key = takeVarint();
    const number = key >>> 3;
    switch (key & 7) {
      case VARINT:
        yield { number, kind: 'scalar', value: takeVarint() };
        break;
      case LENGTH_DELIMITED:
        yield { number, kind: 'bytes', value: take(takeVarint()) };
        break;
      case FIXED64:
        yield { number, kind: 'bytes', value: take(8) };
        break;
      case FIXED32:
        yield { number, kind: 'bytes', value: take(4) };
        break;
      default:
        throw malformed();
    }
  }
}

type WrittenField = readonly [number: number, value: number | bigint | string | Buffer];

/**
 * Writes a message: numbers as varints (whole, not negative; big ones as bigint), texts and bytes with their length. One allocation each,
 * because a context of 100,000 files needs as many messages.
 */
export function writeMessage(fields: readonly WrittenField[]): Buffer {
  let size = 0;
  for (const [number, value] of fields) size += varintSize(number << 3) + valueSize(value);
  const message = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [number, value] of fields) {
    const scalar = typeof value === 'number' || typeof value === 'bigint';
    at = putVarint(message, at, (number << 3) | (scalar ? VARINT : LENGTH_DELIMITED));
    if (typeof value === 'number') at = putVarint(message, at, value);
    else if (typeof value === 'bigint') at = putBigVarint(message, at, value);
    else at = putBytes(message, at, value);
  }
  return message;
}

function valueSize(value: WrittenField[1]): number {
  if (typeof value === 'number') return varintSize(value);
  if (typeof value === 'bigint') return bigVarintSize(value);
  const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  return varintSize(length) + length;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

function putVarint(message: Buffer, start: number, value: number): number {
  let [at, rest] = [start, value];
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) message[at++] = (rest % 0x80) | 0x80;
  message[at++] = rest;
  return at;
}

/** Four groups of seven bits apart from the rest: both are numbers, with which everything is faster. */
const lowBits = 28n;
const lowMask = 2n ** lowBits - 1n;
const LOW_GROUPS = 4;

function bigVarintSize(value: bigint): number {
  return value <= lowMask ? varintSize(Number(value)) : LOW_GROUPS + varintSize(Number(value >> lowBits));
}

function putBigVarint(message: Buffer, start: number, value: bigint): number {
  if (value <= lowMask) return putVarint(message, start, Number(value));
  const low = Number(value & lowMask);
  for (let group = 0; group < LOW_GROUPS; group += 1) message[start + group] = ((low >>> (7 * group)) & 0x7f) | 0x80;
  return putVarint(message, start + LOW_GROUPS, Number(value >> lowBits));
}

function putBytes(message: Buffer, start: number, value: string | Buffer): number {
  if (typeof value !== 'string') {
    const at = putVarint(message, start, value.length);
    return at + value.copy(message, at);
  }
  const at = putVarint(message, start, Buffer.byteLength(value));
  return at + message.write(value, at);
}

function malformed(): SlipwayError {
  return new SlipwayError('engine-error', 'The engine sent a message that is not valid protobuf.');
}
