import { readFields, writeMessage } from '../bytes/wire.js';
import { encodeName, isOddName } from '../../name-bytes.js';
import { contentTime } from './content-time.js';
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
export function statPacket(item: SyncItem, target: string): Buffer {
  if (item.mode === 'folder') return described(item.path, modes.folder, 0, contentTime(null), '');
  const size = item.mode === '120000' ? encodeName(target).length : item.size;
  return described(item.path, modes[item.mode], size, contentTime(item.id), target);
}

function described(path: string, mode: number, size: number, modified: bigint, link: string): Buffer {
  const fields: (readonly [number, number | bigint | string | Buffer])[] = [
    [stat.path, nameBytes(path)],
    [stat.mode, mode],
  ];
  if (size > 0) fields.push([stat.size, size]);
  fields.push([stat.modified, modified]);
  if (link !== '') fields.push([stat.link, nameBytes(link)]);
  return writeMessage([[packet.stat, writeMessage(fields)]]);
}

/** Names keep their bytes: a message takes any, although protobuf asks for UTF-8. */
const nameBytes = (name: string): string | Buffer => (isOddName(name) ? encodeName(name) : name);

/** Ends the list of items. */
export const endOfItems: Buffer = writeMessage([]);

/** A piece of the file that was requested by that number. An empty one ends it. */
export function dataPacket(id: number, data: Buffer): Buffer {
  return writeMessage([
    [packet.type, kinds.data],
    [packet.id, id],
    ...(data.length === 0 ? [] : ([[packet.data, data]] as const)),
  ]);
}

export const finPacket: Buffer = writeMessage([[packet.type, kinds.fin]]);
