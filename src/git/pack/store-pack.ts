import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packIndex } from './pack-index.js';
import type { Pack } from './parse-pack.js';

/**
 * Puts a pack into a mirror as `git index-pack --promisor` does: each file is on the disk before it gets its name, and the index, by which
 * git finds the pack, is last. What the pack's objects lead to and is not here is promised by the host (gitformat-pack(5)).
 */
export async function storePack(folder: string, bytes: Buffer, pack: Pack): Promise<void> {
  const packs = join(folder, 'objects', 'pack');
  await mkdir(packs, { recursive: true });
  const files = [
    ['pack', bytes],
    ['promisor', Buffer.alloc(0)],
    ['idx', packIndex(pack)],
  ] as const;
  const written = await Promise.allSettled(files.map(([, content]) => writeNew(packs, content)));
  const temporary = written.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    for (const result of written) if (result.status === 'rejected') throw result.reason;
    for (const [at, [kind]] of files.entries()) {
      await link(temporary[at] ?? '', join(packs, `pack-${pack.checksum}.${kind}`)).catch(unlessThere);
    }
  } finally {
    await Promise.all(temporary.map((file) => rm(file, { force: true })));
  }
}

/** Named as git names its own, so that what a killed process leaves is found and removed with them. */
async function writeNew(folder: string, content: Buffer): Promise<string> {
  const path = join(folder, `tmp_pack_${randomUUID()}`);
  const file = await open(path, 'wx', 0o444);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

/** A pack of that name has the same content. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
