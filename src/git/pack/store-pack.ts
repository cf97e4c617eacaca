import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packIndex } from './pack-index.js';
import type { Pack } from './parse-pack.js';

/**
 * Stores a pack in a mirror like `git index-pack --promisor`. Each file is on the disk before it gets its name. The index comes last,
 * because git finds the pack by it. The host promises the missing objects that the pack refers to (gitformat-pack(5)).
 */
export async function storePack(folder: string, bytes: Buffer, pack: Pack): Promise<void> {
  const packs = join(folder, 'objects', 'pack');
  await mkdir(packs, { recursive: true, mode: 0o700 });
  const files = [
    ['pack', bytes],
    ['promisor', Buffer.alloc(0)],
    ['idx', packIndex(pack)],
  ] as const;
  const written = await Promise.allSettled(files.map(([, content]) => writeNew(packs, content)));
  try {
    for (const [at, [kind]] of files.entries()) {
      const result = written[at];
      if (result?.status !== 'fulfilled') throw result?.reason;
      await rename(result.value, join(packs, `pack-${pack.checksum}.${kind}`));
    }
  } finally {
    for (const result of written) if (result.status === 'fulfilled') await rm(result.value, { force: true });
  }
}

/** Uses git's naming for temporary files, so that leftovers of a killed process are removed with git's. */
async function writeNew(folder: string, content: Buffer): Promise<string> {
  const path = join(folder, `tmp_pack_${randomUUID()}`);
  const file = await open(path, 'wx', 0o400);
  try {
    await fill(file, content);
  } catch (error) {
    // Free the space: the disk may be full.
    await rm(path, { force: true });
    throw error;
  }
  return path;
}

async function fill(file: FileHandle, content: Buffer): Promise<void> {
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
