import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface ConsolidationOptions {
  /** Of the mirror. */
  readonly folder: string;
  /** Number of packs from which on they are put together. */
  readonly packLimit: number;
  readonly putTogether: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * What is to be called after every fetch: each adds a pack, and git slows down with their number. The work is done beside everything else,
 * because git's own locking makes it safe to fetch and read meanwhile.
 */
export function createConsolidation(options: ConsolidationOptions): () => void {
  const { folder, packLimit, putTogether, onFailure } = options;
  let running = false;
  const work = async (): Promise<void> => {
    const names = await readdir(join(folder, 'objects', 'pack'));
    if (names.filter((name) => name.endsWith('.pack')).length >= packLimit) await putTogether();
  };
  return () => {
    if (running) return;
    running = true;
    void work()
      .catch(onFailure)
      .finally(() => {
        running = false;
      });
  };
}
