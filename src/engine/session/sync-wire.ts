import { readFields, writeMessage } from '../wire.js';
import type { SyncItem } from './sync-tree.js';

/*
 * Packets of BuildKit's file sync (`fsutil.types.Packet` and `Stat`; field numbers from fsutil's wire.proto and stat.proto). Protobuf
 * leaves zeros out, so the packet type 0 (STAT) is not written.
 */
const packet = { type: 1, stat: 2, id: 3, data: 4 } as const;
const kinds = { stat: 0, request: 1, data: 2, fin: 3, error: 4 } as const;
const stat = { path: 1, mode: 2, size: 5, modified: 6, link: 7 } as const;

/** Go's `os.FileMode` bits. */
const modes = {
  folder: 2 ** 31 + 0o755,
  '100644': 0o644,
  '100755': 0o755,
  '120000': 2 ** 27 + 0o777,
} as const;

/** 2000-01-01, as in the archive that stands in for a sync. Layers hold whole seconds, so nothing below them ever shows. */
const fixedSeconds = 946_684_800n;

export type EnginePacket =
  | { readonly kind: 'request'; readonly id: number }
  | { readonly kind: 'fin' }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'other' };

export function readPacket(message: Buffer): EnginePacket {
  let [kind, id, data] = [0, 0, ''];
  for (const field of readFields(message)) {
    if (field.kind === 'scalar' && field.number === packet.type) kind = field.value;
    if (field.kind === 'scalar' && field.number === packet.id) id = field.value;
    if (field.kind === 'bytes' && field.number === packet.data) data = field.value.toString();
  }
  if (kind === kinds.request) return { kind: 'request', id };
  if (kind === kinds.fin) return { kind: 'fin' };
  return kind === kinds.error ? { kind: 'error', message: data } : { kind: 'other' };
}

/** Offers one item; `target` of a link only. */
export function statPacket({ path, entry }: SyncItem, target: string): Buffer {
  const isLink = entry?.mode === '120000';
  const described = writeMessage([
    [stat.path, path],
    [stat.mode, entry === null ? modes.folder : modes[entry.mode]],
    ...(entry === null ? [] : ([[stat.size, isLink ? Buffer.byteLength(target) : entry.size]] as const)),
    [stat.modified, fixedSeconds * 1_000_000_000n + (entry === null ? 0n : nanosecondsOf(entry.id))],
    ...(isLink ? ([[stat.link, target]] as const) : []),
  ]);
  return writeMessage([[packet.stat, described]]);
}

/**
 * Content as a time: the engine takes files of equal path, mode, size and time for unchanged, so equal contents get equal nanoseconds and
 * others, but for one in 10⁹, other ones.
 */
function nanosecondsOf(id: string): bigint {
  const digits = /[0-9a-f]{15,}$/.exec(id)?.[0].slice(-15) ?? '0';
  return BigInt(`0x${digits}`) % 1_000_000_000n;
}

/** Ends the list of items. */
export const endOfItems: Buffer = writeMessage([]);

/** A piece of the file that was asked for by that number; an empty one ends it. */
export function dataPacket(id: number, data: Buffer): Buffer {
  return writeMessage([
    [packet.type, kinds.data],
    [packet.id, id],
    ...(data.length === 0 ? [] : ([[packet.data, data]] as const)),
  ]);
}

export const finPacket: Buffer = writeMessage([[packet.type, kinds.fin]]);
