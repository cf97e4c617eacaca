import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MemoryFile } from './memory-tree.js';

/** Puts a file where a checkout would have it; folders above it are made. */
export async function writeMemoryFile(path: string, file: MemoryFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (typeof file === 'string' || Buffer.isBuffer(file)) await writeFile(path, file);
  else if ('submodule' in file) await mkdir(path);
  else if ('link' in file) await symlink(file.link, path);
  else await writeFile(path, file.run, { mode: 0o755 });
}
