import { createHash } from 'node:crypto';
import type { Pack, PackedObject } from './parse-pack.js';

/** A pack's index, version 2 (gitformat-pack(5), "pack-*.idx"), for packs of less than 2 GiB. */
export function packIndex({ objects, checksum }: Pack): Buffer {
  const sorted = [...objects].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  const numbers = (valueOf: (object: PackedObject) => number) => uint32s(sorted.map(valueOf));
  const body = Buffer.concat([
    Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]),
    fanOut(sorted),
    ...sorted.map(({ id }) => Buffer.from(id, 'hex')),
    numbers(({ crc }) => crc),
    numbers(({ offset }) => offset),
    Buffer.from(checksum, 'hex'),
  ]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** For each value of an id's first byte, the number of ids with that or a smaller one. */
function fanOut(objects: readonly PackedObject[]): Buffer {
  const counts = new Array<number>(256).fill(0);
  for (const { id } of objects) counts[Number.parseInt(id.slice(0, 2), 16)]! += 1;
  let sum = 0;
  return uint32s(counts.map((count) => (sum += count)));
}

function uint32s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeUInt32BE(value, at * 4));
  return bytes;
}
