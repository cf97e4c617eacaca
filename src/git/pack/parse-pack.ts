import { createHash } from 'node:crypto';
import { crc32, inflateSync } from 'node:zlib';
import { applyDelta } from './delta.js';

export interface PackedObject {
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly content: Buffer;
  /** SHA-1. */
  readonly id: string;
  /** Of its entry in the pack. */
  readonly offset: number;
  /** CRC-32 of its entry as it is in the pack. */
  readonly crc: number;
}

export interface Pack {
  /** In the pack's order. */
  readonly objects: readonly PackedObject[];
  /** SHA-1 of all before it, in hexadecimal: the pack's last bytes. */
  readonly checksum: string;
}

export interface PackLimits {
  readonly objects: number;
  /** Bytes that all may come to, unpacked: the objects, and the deltas that some are made from. */
  readonly bytes: number;
}

const headerBytes = 12;
const checksumBytes = 20;
const offsetDelta = 6;
const types: Readonly<Record<number, PackedObject['type']>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };

/**
 * All objects of a pack of version 2 (gitformat-pack(5)), of a repository of SHA-1. Null where it is over the limits, or anything but a whole
 * pack whose deltas stand on objects before them in it.
 */
export function parsePack(bytes: Buffer, limits: PackLimits): Pack | null {
  const end = bytes.length - checksumBytes;
  if (end < headerBytes || bytes.toString('latin1', 0, 4) !== 'PACK' || bytes.readUInt32BE(4) !== 2) return null;
  const count = bytes.readUInt32BE(8);
  const checksum = sha1(bytes.subarray(0, end));
  if (count > limits.objects || checksum !== bytes.toString('hex', end)) return null;
  const found = new Map<number, PackedObject>();
  let [at, left] = [headerBytes, limits.bytes];
  for (let number = 0; number < count; number += 1) {
    const entry = readEntry(bytes.subarray(0, end), at, left);
    if (entry === null) return null;
    // What a delta unpacks to is work, too, though it is not kept.
    left -= entry.data.length;
    const whole = resolved(entry, at, { found, left });
    if (whole === null) return null;
    if (whole.content !== entry.data) left -= whole.content.length;
    if (left < 0) return null;
    found.set(at, { ...whole, id: idOf(whole), offset: at, crc: crc32(bytes.subarray(at, entry.end)) });
    at = entry.end;
  }
  return at === end ? { objects: [...found.values()], checksum } : null;
}

type Content = Pick<PackedObject, 'type' | 'content'>;

interface Entry {
  readonly kind: number;
  /** Of a delta: how far before this entry that of its base begins. */
  readonly back: number;
  /** Unpacked. */
  readonly data: Buffer;
  readonly end: number;
}

/** A type of three bits and a size of 4, 7, 7 … bits; of a delta, the way to its base; the data, deflated. */
function readEntry(bytes: Buffer, begin: number, most: number): Entry | null {
  let at = begin;
  let byte = bytes[at++] ?? 0;
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let unit = 16; byte >= 0x80; unit *= 128) {
    byte = bytes[at++] ?? 0;
    size += (byte & 0x7f) * unit;
    if (size > most) return null;
  }
  let back = 0;
  if (kind === offsetDelta) {
    do {
      byte = bytes[at++] ?? 0;
      back = back * 128 + (byte & 0x7f) + (byte >= 0x80 ? 1 : 0);
    } while (byte >= 0x80 && back < begin);
  }
  const unpacked = inflated(bytes.subarray(at), size);
  return unpacked && { kind, back, data: unpacked.data, end: at + unpacked.length };
}

/** What begins there, of so many bytes once it is unpacked; `length` is how many it has packed. */
function inflated(bytes: Buffer, size: number): { readonly data: Buffer; readonly length: number } | null {
  try {
    // An output of 0 bytes may not be asked for.
    const unpacked: unknown = inflateSync(bytes, { info: true, maxOutputLength: Math.max(1, size) });
    if (!isInflated(unpacked) || unpacked.buffer.length !== size) return null;
    return { data: unpacked.buffer, length: unpacked.engine.bytesWritten };
  } catch {
    return null;
  }
}

/** What the option `info` has `inflateSync` give (nodejs.org/api/zlib.html, "Class: Options"), which its type does not say. */
function isInflated(value: unknown): value is { buffer: Buffer; engine: { bytesWritten: number } } {
  return typeof value === 'object' && value !== null && 'buffer' in value && 'engine' in value;
}

interface Before {
  readonly found: ReadonlyMap<number, Content>;
  /** Bytes that may still be made. */
  readonly left: number;
}

function resolved({ kind, back, data }: Entry, at: number, { found, left }: Before): Content | null {
  const type = types[kind];
  if (type !== undefined) return { type, content: data };
  const base = kind === offsetDelta ? found.get(at - back) : undefined;
  const content = base && applyDelta(base.content, data, left);
  return base && content ? { type: base.type, content } : null;
}

const idOf = ({ type, content }: Content): string =>
  createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');

const sha1 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');
