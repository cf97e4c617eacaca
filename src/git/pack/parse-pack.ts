import { createHash } from 'node:crypto';
import { crc32, inflateSync } from 'node:zlib';
import { applyDelta } from './delta.js';

export interface PackedObject {
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly content: Buffer;
  /** SHA-1. */
  readonly id: string;
  /** Offset of its entry in the pack. */
  readonly offset: number;
  /** CRC-32 of its entry as stored in the pack. */
  readonly crc: number;
}

export interface Pack {
  /** In the pack's order. */
  readonly objects: readonly PackedObject[];
  /** SHA-1 of everything before it, in hexadecimal: the pack's last bytes. */
  readonly checksum: string;
}

export interface PackLimits {
  readonly objects: number;
  /** Maximum unpacked bytes of all objects and deltas. */
  readonly bytes: number;
}

const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 20;
const OFFSET_DELTA = 6;
const types: Readonly<Record<number, PackedObject['type']>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };

/**
 * All objects of a version 2 pack (gitformat-pack(5)) in a SHA-1 repository. Null if it exceeds the limits, or is not a complete pack whose
 * deltas refer to earlier objects in it.
 */
export function parsePack(bytes: Buffer, limits: PackLimits): Pack | null {
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'PACK' || bytes.readUInt32BE(4) !== 2) return null;
  const count = bytes.readUInt32BE(8);
  const checksum = sha1(bytes.subarray(0, end));
  if (count > limits.objects || checksum !== bytes.toString('hex', end)) return null;
  const found = new Map<number, PackedObject>();
  let [at, left] = [HEADER_BYTES, limits.bytes];
  for (let number = 0; number < count; number += 1) {
    const entry = readEntry(bytes.subarray(0, end), at, left);
    if (entry === null) return null;
    // Unpacked deltas count too: they cost work, even though they are not kept.
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
  /** For a delta: distance back to its base's entry. */
  readonly back: number;
  /** Unpacked. */
  readonly data: Buffer;
  readonly end: number;
}

/** A type of three bits and a size of 4, 7, 7 … bits, then a delta's distance to its base, then the deflated data. */
function readEntry(bytes: Buffer, begin: number, maxBytes: number): Entry | null {
  let at = begin;
  let byte = bytes[at++] ?? 0;
  const kind = (byte >> 4) & 7;
  let size = byte & 15;
  for (let unit = 16; byte >= 0x80; unit *= 128) {
    byte = bytes[at++] ?? 0;
    size += (byte & 0x7f) * unit;
    if (size > maxBytes) return null;
  }
  let back = 0;
  if (kind === OFFSET_DELTA) {
    do {
      byte = bytes[at++] ?? 0;
      back = back * 128 + (byte & 0x7f) + (byte >= 0x80 ? 1 : 0);
    } while (byte >= 0x80 && back < begin);
  }
  const unpacked = inflated(bytes.subarray(at), size);
  return unpacked && { kind, back, data: unpacked.data, end: at + unpacked.length };
}

/** Inflates the data at the start of `bytes` to `size` bytes. `length` is its packed length. */
function inflated(bytes: Buffer, size: number): { readonly data: Buffer; readonly length: number } | null {
  try {
    // zlib does not accept a limit of 0 bytes.
    const unpacked: unknown = inflateSync(bytes, { info: true, maxOutputLength: Math.max(1, size) });
    if (!isInflated(unpacked) || unpacked.buffer.length !== size) return null;
    return { data: unpacked.buffer, length: unpacked.engine.bytesWritten };
  } catch {
    return null;
  }
}

/** The result of `inflateSync` with the option `info` (nodejs.org/api/zlib.html, "Class: Options"), which its type omits. */
function isInflated(value: unknown): value is { buffer: Buffer; engine: { bytesWritten: number } } {
  return typeof value === 'object' && value !== null && 'buffer' in value && 'engine' in value;
}

interface Before {
  readonly found: ReadonlyMap<number, Content>;
  /** Bytes that may still be unpacked. */
  readonly left: number;
}

function resolved({ kind, back, data }: Entry, at: number, { found, left }: Before): Content | null {
  const type = types[kind];
  if (type !== undefined) return { type, content: data };
  const base = kind === OFFSET_DELTA ? found.get(at - back) : undefined;
  const content = base && applyDelta(base.content, data, left);
  return base && content ? { type: base.type, content } : null;
}

const idOf = ({ type, content }: Content): string =>
  createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');

const sha1 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');
