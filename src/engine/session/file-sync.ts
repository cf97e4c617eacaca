import { createHash } from 'node:crypto';
import { SlipwayError } from '../../errors.js';
import type { BuildContext, ContextEntry, ContextFiles } from '../contract.js';
import type { SessionCall, SessionMethod } from './method.js';
import { syncItems, type SyncItem } from './sync-tree.js';
import { dataPacket, endOfItems, finPacket, readPacket, statPacket } from './sync-wire.js';

/** What a sync serves. */
export interface SyncSource {
  readonly context: BuildContext;
  /** The Dockerfile's path among the context's entries; where it is carried apart, the name that the build gives it. */
  readonly dockerfile: string;
  /** Told of what goes wrong on our side: the engine's own message would only say that the sync ended. */
  readonly onFailure: (error: unknown) => void;
}

/** Pieces of a file's content: well under gRPC's limit of 4 MB. */
const pieceSize = 64 * 1024;
/** Bytes of packets that are put together before they are written. */
const batchSize = 64 * 1024;

/**
 * BuildKit's `FileSync`: the engine asks for a folder by name, is offered every file in it, and fetches the contents that it does not have
 * from an earlier build. `.dockerignore` has been applied to a `BuildContext` already, so the engine is given none and its patterns are
 * not looked at: they only ever take away, and what they ask for is all there is.
 */
export function fileSync(source: SyncSource): SessionMethod {
  return {
    path: '/moby.filesync.v1.FileSync/DiffCopy',
    async serve(call) {
      try {
        await serveFolder(folderOf(call, source), call);
      } catch (error) {
        source.onFailure(error);
        throw error;
      }
    },
  };
}

/** The folder that a call names; BuildKit looks for `.dockerignore` in the context, alone, before it syncs the whole. */
function folderOf(call: SessionCall, { context, dockerfile }: SyncSource): ContextFiles {
  const [name] = call.metadata('dir-name');
  const { apart } = context;
  if (name === 'dockerfile') return apart ? singleFile(dockerfile, apart.dockerfile) : only([dockerfile], context);
  if (name !== 'context') throw new SlipwayError('engine-error', `The engine asks for a folder ${name} of no build.`);
  const files = apart?.files ?? context;
  const asked = call.metadata('followpaths');
  const forIgnoreFile = asked.length > 0 && asked.every((path) => path.endsWith('.dockerignore'));
  return forIgnoreFile ? only(asked, files) : files;
}

function only(paths: readonly string[], { entries, open }: ContextFiles): ContextFiles {
  return { entries: entries.filter(({ path }) => paths.includes(path)), open };
}

function singleFile(path: string, content: Buffer): ContextFiles {
  const id = createHash('sha256').update(content).digest('hex');
  const entry: ContextEntry = { path, mode: '100644', id, size: content.length };
  async function* chunks() {
    yield content;
  }
  async function* open(entries: readonly ContextEntry[]) {
    for (const entry of entries) yield { entry, chunks: chunks() };
  }
  return { entries: [entry], open };
}

async function serveFolder(folder: ContextFiles, call: SessionCall): Promise<void> {
  const items = syncItems(folder);
  const requests = createRequests();
  const listening = listen(call, requests);
  // Heard below, by whoever takes the next request.
  listening.catch(() => undefined);
  await offer(items, folder, call);
  for (let ids = await requests.next(); ids.length > 0; ids = await requests.next()) {
    await sendContents(ids, items, folder, call);
  }
  await listening;
  await call.send(finPacket);
}

/** Every item, then the end of the list. */
async function offer(items: readonly SyncItem[], folder: ContextFiles, call: SessionCall): Promise<void> {
  const targets = await linkTargets(items, folder);
  let batch: Buffer[] = [];
  let size = 0;
  for (const item of items) {
    const packet = statPacket(item, targets.get(item.path) ?? '');
    batch.push(packet);
    size += packet.length;
    if (size < batchSize) continue;
    await call.sendAll(batch);
    [batch, size] = [[], 0];
  }
  await call.sendAll([...batch, endOfItems]);
}

async function linkTargets(items: readonly SyncItem[], folder: ContextFiles): Promise<ReadonlyMap<string, string>> {
  const links = items.flatMap(({ entry }) => (entry?.mode === '120000' ? [entry] : []));
  const targets = new Map<string, string>();
  if (links.length === 0) return targets;
  for await (const { entry, chunks } of folder.open(links)) {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    targets.set(entry.path, Buffer.concat(parts).toString());
  }
  return targets;
}

/** Contents in the order asked for: one reading of the source for all that was asked so far. */
async function sendContents(
  ids: readonly number[],
  items: readonly SyncItem[],
  folder: ContextFiles,
  call: SessionCall,
): Promise<void> {
  const wanted = ids.map((id) => ({ id, entry: entryOf(id, items) }));
  let position = 0;
  for await (const { entry, chunks } of folder.open(wanted.map((one) => one.entry))) {
    const { id } = wanted[position] ?? { id: 0 };
    position += 1;
    let sent = 0;
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += pieceSize) {
        await call.send(dataPacket(id, chunk.subarray(at, at + pieceSize)));
      }
      sent += chunk.length;
    }
    if (sent !== entry.size) throw new SlipwayError('internal', `${entry.path} has ${sent} bytes, not ${entry.size}.`);
    await call.send(dataPacket(id, Buffer.alloc(0)));
  }
}

function entryOf(id: number, items: readonly SyncItem[]): ContextEntry {
  const entry = items[id]?.entry;
  if (entry) return entry;
  throw new SlipwayError('engine-error', `The engine asks for item ${id}, which is no file.`);
}

/** Requests that have arrived and are yet to be answered. */
interface Requests {
  add(id: number): void;
  end(): void;
  /** All that wait, as soon as there is one; empty when no more will come. */
  next(): Promise<readonly number[]>;
}

function createRequests(): Requests {
  let waiting: number[] = [];
  let ended = false;
  let wake = (): void => undefined;
  return {
    add(id) {
      waiting.push(id);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async next() {
      while (waiting.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      const ids = waiting;
      waiting = [];
      return ids;
    },
  };
}

/** Takes the engine's packets until it says that it has everything. */
async function listen(call: SessionCall, requests: Requests): Promise<void> {
  try {
    for await (const message of call.messages) {
      const packet = readPacket(message);
      if (packet.kind === 'fin') return;
      if (packet.kind === 'error')
        throw new SlipwayError('engine-error', `The engine ended the sync: ${packet.message}`);
      if (packet.kind === 'request') requests.add(packet.id);
    }
    throw new SlipwayError('engine-unavailable', 'The engine broke the sync of the context off.');
  } finally {
    requests.end();
  }
}
