import { SlipwayError } from '../../errors.js';
import { isOddName } from '../../name-bytes.js';
import type { ContextEntries, ContextEntry, ContextFiles } from '../contract.js';
import { readTarget } from './link-target.js';
import type { SessionCall } from '../session/method.js';
import type { SyncItems } from './sync-tree.js';
import { dataPacket, endOfItems, statPacket } from './sync-wire.js';

/** Pieces of a file's content: well under gRPC's limit of 4 MB. */
const PIECE_BYTES = 64 * 1024;
/** Packets are collected up to this many bytes before a write: most files are small. */
const BATCH_BYTES = 64 * 1024;

/** Combines packets into writes of a useful size. */
class Batch {
  #packets: Buffer[] = [];
  #size = 0;

  constructor(private readonly call: SessionCall) {}

  /** True if it is time to flush. */
  add(packet: Buffer): boolean {
    this.#packets.push(packet);
    this.#size += packet.length;
    return this.#size >= BATCH_BYTES;
  }

  async flush(): Promise<void> {
    const packets = this.#packets;
    [this.#packets, this.#size] = [[], 0];
    if (packets.length > 0) await this.call.sendAll(packets);
  }
}

/** Lists every item to the engine, then the end. Reports each name, or target of a link, that is not UTF-8. */
export async function offer(
  items: SyncItems,
  folder: ContextFiles,
  call: SessionCall,
  onOddName: (path: string) => void,
): Promise<void> {
  const targets = linkTargets(items, folder);
  const batch = new Batch(call);
  try {
    for (const item of items) {
      const target = item.mode === '120000' ? await targets.next() : null;
      if (isOddName(item.path) || isOddName(target?.value ?? '')) onOddName(item.path);
      if (target?.done === true) throw mismatch(item, 'did not arrive');
      if (batch.add(statPacket(item, target?.value ?? ''))) await batch.flush();
    }
  } finally {
    await targets.return(undefined);
  }
  batch.add(endOfItems);
  await batch.flush();
}

/** The target of each link, in order. Streamed, because there may be any number. */
async function* linkTargets(items: SyncItems, folder: ContextFiles): AsyncGenerator<string, undefined, undefined> {
  const links: ContextEntry[] = [];
  for (const item of items) if (item.mode === '120000') links.push(item);
  if (links.length === 0) return undefined;
  for await (const { entry, chunks } of folder.open(links)) yield readTarget(entry, chunks);
  return undefined;
}

/** Sends contents in the requested order. Reads the source once for all requests so far. */
export async function sendContents(
  ids: readonly number[],
  items: SyncItems,
  folder: ContextFiles,
  call: SessionCall,
): Promise<void> {
  const wanted = entriesOf(ids, items);
  const batch = new Batch(call);
  let position = 0;
  for await (const { entry, chunks } of folder.open(wanted)) {
    const id = ids[position];
    if (id === undefined || wanted.at(position)?.path !== entry.path) throw mismatch(entry, 'came out of order');
    position += 1;
    let sent = 0;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        if (batch.add(dataPacket(id, chunk.subarray(at, at + PIECE_BYTES)))) await batch.flush();
      }
      sent += chunk.length;
    }
    if (sent !== entry.size) throw mismatch(entry, `has ${sent} bytes, not the announced ${entry.size}`);
    if (batch.add(dataPacket(id, Buffer.alloc(0)))) await batch.flush();
  }
  const missing = wanted.at(position);
  if (missing !== undefined) throw mismatch(missing, 'did not arrive');
  await batch.flush();
}

/** The requested entries, created on demand: an empty engine requests everything. */
function entriesOf(ids: readonly number[], items: SyncItems): ContextEntries {
  return {
    length: ids.length,
    at(position) {
      const id = ids[position];
      return id === undefined ? undefined : entryOf(id, items);
    },
    *[Symbol.iterator]() {
      for (const id of ids) yield entryOf(id, items);
    },
  };
}

function entryOf(id: number, items: SyncItems): ContextEntry {
  const item = items.at(id);
  if (item && item.mode !== 'folder' && item.mode !== '120000') return item;
  throw new SlipwayError('engine-error', `The engine asks for item ${id} of the context, which is not a file.`);
}

function mismatch(entry: Pick<ContextEntry, 'path'>, what: string): SlipwayError {
  return new SlipwayError('internal', `The build context is not as listed: ${entry.path} ${what}.`);
}
