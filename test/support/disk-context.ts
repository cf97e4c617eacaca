import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildContext, ContextEntry } from '../../src/engine/contract.js';

/** A file on the disk (or text) and its path in a build context. */
export type DiskFile = { readonly path: string } & (
  { readonly from: string } | { readonly text: string; readonly mode: ContextEntry['mode'] }
);

/** Every file below a folder, links as links, unless `leaveOut` says so of its path. */
export async function filesBelow(
  folder: string,
  to: string,
  leaveOut: (path: string) => boolean = () => false,
): Promise<DiskFile[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !leaveOut(file.slice(folder.length + 1)))
    .map((file) => ({ path: `${to}${file.slice(folder.length + 1)}`, from: file }));
}

async function entryOf(file: DiskFile): Promise<ContextEntry> {
  if ('text' in file) return { path: file.path, mode: file.mode, id: file.text, size: Buffer.byteLength(file.text) };
  const { size, mode, mtimeMs } = await lstat(file.from);
  if ((mode & 0o170000) === 0o120000) return { path: file.path, mode: '120000', id: file.from, size };
  return { path: file.path, mode: mode & 0o100 ? '100755' : '100644', id: `${file.from} ${size} ${mtimeMs}`, size };
}

async function* contentOf(file: DiskFile, { mode }: ContextEntry): AsyncGenerator<Buffer> {
  if ('text' in file) yield Buffer.from(file.text);
  else if (mode === '120000') yield Buffer.from(await readlink(file.from));
  else yield* createReadStream(file.from, { highWaterMark: 256 * 1024 });
}

/** A build context of files on the disk; contents are read when they are sent. */
export async function diskContext(files: readonly DiskFile[], key: string): Promise<BuildContext> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const entries = await Promise.all([...byPath.values()].map(entryOf));
  entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return {
    key,
    entries,
    async *open(wanted) {
      for (const entry of wanted) {
        const file = byPath.get(entry.path);
        if (file !== undefined) yield { entry, chunks: contentOf(file, entry) };
      }
    },
  };
}
