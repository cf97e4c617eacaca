import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface ConsolidationOptions {
  /** The mirror's folder. */
  readonly folder: string;
  /** Number of packs at which they are combined. */
  readonly packLimit: number;
  readonly putTogether: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Returns a function to call after every fetch. Each fetch adds a pack, and git slows down with their number. Combining runs in the
 * background: git's locking makes concurrent fetches and reads safe.
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
