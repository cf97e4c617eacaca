import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const inMemory = '/dev/shm';
const enough = 512 * 1024 * 1024;

function isRoomy(folder: string): boolean {
  try {
    const { bsize, bavail } = statfsSync(folder);
    return bsize * bavail >= enough;
  } catch {
    return false;
  }
}

/** Where temporary folders go whose files are written through to the disk: into memory where there is room (tmpfs(5)), for nothing waits for a disk there. */
export const fastFolder: string = isRoomy(inMemory) ? inMemory : tmpdir();
