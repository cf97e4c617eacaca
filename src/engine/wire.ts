import { SlipwayError } from '../errors.js';

/** One field of a protobuf message as it is on the wire: scalars as numbers, everything else as bytes. */
export type WireField =
  | { readonly number: number; readonly kind: 'scalar'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer };

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

/**
 * Fields of one message, in order (https://protobuf.dev/programming-guides/encoding/). Integers are read as signed 64 bit and given as
 * numbers: sizes, times and enums fit. Fails with `engine-error` where the bytes are no message.
 */
export function* readFields(message: Buffer): Generator<WireField> {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > message.length) throw malformed();
    at += length;
    return message.subarray(at - length, at);
  };
  const takeVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1).readUInt8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw malformed();
  };
  while (at < message.length) {
    const key = Number(takeVarint());
    const number = key >>> 3;
    switch (key & 7) {
      case varint:
        yield { number, kind: 'scalar', value: Number(BigInt.asIntN(64, takeVarint())) };
        break;
      case lengthDelimited:
        yield { number, kind: 'bytes', value: take(Number(takeVarint())) };
        break;
      case fixed64:
        yield { number, kind: 'bytes', value: take(8) };
        break;
      case fixed32:
        yield { number, kind: 'bytes', value: take(4) };
        break;
      default:
        throw malformed();
    }
  }
}

/** One message from its fields: `[number, value]`; numbers travel as varints (whole, not negative; big ones as bigint), texts and bytes with their length. */
export function writeMessage(fields: readonly (readonly [number, number | bigint | string | Buffer])[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [encodeVarint((number << 3) | varint), encodeVarint(value)];
      if (typeof value === 'bigint') return [encodeVarint((number << 3) | varint), encodeBigVarint(value)];
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      return [encodeVarint((number << 3) | lengthDelimited), encodeVarint(bytes.length), bytes];
    }),
  );
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

function encodeBigVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

function malformed(): SlipwayError {
  return new SlipwayError('engine-error', 'The engine sent a message that is not valid protobuf.');
}
