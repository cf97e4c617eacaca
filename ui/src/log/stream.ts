import { ask, Problem } from '../api/client.js';
import { isPassing } from '../api/queries.js';
import type { Chunk } from './model.js';

const TRY_AGAIN_MS = 2_000;

export interface LogSource {
  /** Address of the log, without a query. */
  readonly url: string;
  /** Number of the chunk to begin with. */
  readonly next: () => number;
  /** Gets chunks in order, a few at a time. */
  readonly hear: (chunks: readonly Chunk[]) => void;
  /** Hears whether the log is being read, or the connection is lost. */
  readonly isLost: (lost: boolean) => void;
  /** Whether more may come once the answer has ended: a server that stops ends it, too. */
  readonly grows: () => boolean;
  readonly signal: AbortSignal;
}

/** Reads a log to its end, as it grows. Goes on where it was after a lost connection. Fails with a `Problem` that does not pass. */
export async function readLog(source: LogSource): Promise<void> {
  for (;;) {
    try {
      await readOnce(source);
      if (!source.grows()) return;
    } catch (error) {
      if (source.signal.aborted) return;
      if (error instanceof Problem && !isPassing(error)) throw error;
      source.isLost(true);
    }
    if (source.signal.aborted) return;
    await new Promise((done) => setTimeout(done, TRY_AGAIN_MS));
  }
}

async function readOnce({ url, next, hear, isLost, signal }: LogSource): Promise<void> {
  const response = await ask(`${url}?format=chunks&follow=true&from=${next()}`, { signal });
  isLost(false);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) break;
    const lines = (rest + part.value).split('\n');
    rest = lines.pop() ?? '';
    const chunks = lines.filter(Boolean).map((line) => JSON.parse(line) as Chunk);
    if (chunks.length > 0) hear(chunks);
  }
}
