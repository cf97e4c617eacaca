import { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import { SlipwayError } from '../../errors.js';
import { isOddName } from '../../name-bytes.js';
import type { BuildContext, ContextEntry } from '../contract.js';
import { readTarget } from './link-target.js';
import { notUtf8 } from './odd-names.js';

/** The date of every file: equal contents give equal archives and so equal layers. Archivers such as zip begin at 1980. */
const fixedDate = new Date('2000-01-01T00:00:00Z');
const PIECE_BYTES = 64 * 1024;

const common = { mtime: fixedDate, uid: 0, gid: 0 } as const;
const fileModes = { '100644': 0o644, '100755': 0o755 } as const;

/**
 * A build context as a tar archive: entries in the given order, parent folders (0755) before their contents, empty folders last, all owned
 * by root. Contents are read on demand. The stream fails with the error of a content source, `name-not-utf8` for a name that an archive cannot hold, or with `internal` if a source gives other
 * entries or sizes than announced. Destroying it stops the reading.
 */
export function tarOf(context: BuildContext): Readable {
  const archive = pack();
  const stream = new Readable({
    read: () => void archive.resume(),
    destroy(error, done) {
      archive.destroy();
      done(error);
    },
  });
  gather(archive, stream);
  void fill(archive, context).then(
    () => archive.finalize(),
    (error: Error) => stream.destroy(error),
  );
  return stream;
}

/** Small files make many small chunks; each would cost a write of its own on the engine's socket. */
function gather(archive: Pack, stream: Readable): void {
  let waiting: Buffer[] = [];
  let size = 0;
  archive.on('data', (data) => {
    const chunk = data as Buffer;
    waiting.push(chunk);
    size += chunk.length;
    if (size < PIECE_BYTES) return;
    if (!stream.push(Buffer.concat(waiting, size))) archive.pause();
    waiting = [];
    size = 0;
  });
  archive.once('end', () => {
    stream.push(Buffer.concat(waiting, size));
    stream.push(null);
  });
  archive.once('error', (error: Error) => void stream.destroy(error));
}

async function fill(archive: Pack, context: BuildContext): Promise<void> {
  const closed = new Promise<void>((resolve) => void archive.once('close', () => resolve()));
  const added = new Set<string>();
  const addFolders = (paths: readonly string[]): void => {
    for (const name of paths) {
      if (added.has(name)) continue;
      added.add(name);
      archive.entry({ ...common, name, type: 'directory', mode: 0o755 });
    }
  };
  let position = 0;
  for await (const { entry, chunks } of context.open(context.entries)) {
    if (context.entries.at(position)?.path !== entry.path) throw mismatch(entry, 'came out of order');
    position += 1;
    if (isOddName(entry.path)) throw notUtf8(entry.path);
    addFolders(parentsOf(entry.path));
    if (entry.mode === '120000') await addLink(archive, entry, chunks);
    else await addFile(archive, entry, fileModes[entry.mode], chunks, closed);
    if (archive.destroyed) return;
  }
  const missing = context.entries.at(position);
  if (missing !== undefined) throw mismatch(missing, 'did not arrive');
  for (const folder of context.folders ?? []) addFolders([...parentsOf(folder), folder]);
}

async function addLink(archive: Pack, entry: ContextEntry, chunks: AsyncIterable<Buffer>): Promise<void> {
  const linkname = await readTarget(entry, chunks);
  if (isOddName(linkname)) throw notUtf8(entry.path);
  if (!archive.destroyed) archive.entry({ ...common, name: entry.path, type: 'symlink', mode: 0o777, linkname });
}

async function addFile(
  archive: Pack,
  entry: ContextEntry,
  mode: number,
  chunks: AsyncIterable<Buffer>,
  closed: Promise<void>,
): Promise<void> {
  if (archive.destroyed) return;
  const sink = archive.entry({ ...common, name: entry.path, type: 'file', mode, size: entry.size });
  // Errors here also end the archive, which reports them.
  sink.on('error', () => undefined);
  let wakeUp = (): void => undefined;
  sink.on('drain', () => wakeUp());
  const added = new Promise<void>((resolve) => void sink.once('close', () => resolve()));
  let sent = 0;
  for await (const chunk of chunks) {
    sent += chunk.length;
    if (archive.destroyed || sent > entry.size) break;
    const drained = new Promise<void>((resolve) => (wakeUp = resolve));
    if (!sink.write(chunk)) await Promise.race([drained, closed]);
  }
  if (archive.destroyed) return;
  if (sent !== entry.size) throw mismatch(entry, `has another size than the announced ${entry.size} bytes`);
  sink.end(undefined);
  await Promise.race([added, closed]);
}

function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function mismatch(entry: ContextEntry, what: string): SlipwayError {
  return new SlipwayError('internal', `The build context is not as listed: ${entry.path} ${what}.`);
}
