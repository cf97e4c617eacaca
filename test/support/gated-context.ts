import type { BuildContext } from '../../src/engine/contract.js';
import { contextOf, type TestFiles } from './engine.js';

export interface GatedContext extends BuildContext {
  /** Resolves when the engine has begun to take `path`, whose second half it is not given before `release`. */
  readonly begun: Promise<void>;
  release(): void;
  /** Resolves when the reading of `path` has come to its end, whatever that is. */
  readonly ended: Promise<void>;
}

/** A context that stops in the middle of one file. */
export function gatedContext(files: TestFiles, path: string, key: string): GatedContext {
  const whole = contextOf(files, key);
  const [begun, begin] = signal();
  const [released, release] = signal();
  const [ended, end] = signal();
  async function* gated(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
    let given = 0;
    try {
      for await (const chunk of chunks) {
        yield chunk;
        given += chunk.length;
        if (given < size / 2) continue;
        begin();
        await released;
      }
    } finally {
      end();
    }
  }
  return {
    ...whole,
    begun,
    release,
    ended,
    async *open(entries) {
      for await (const { entry, chunks } of whole.open(entries))
        yield { entry, chunks: entry.path === path ? gated(chunks, entry.size) : chunks };
    },
  };
}

function signal(): [Promise<void>, () => void] {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return [given, () => give()];
}
