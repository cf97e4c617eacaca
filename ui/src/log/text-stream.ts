import { ask, Problem } from '../api/client.js';
import { isPassing } from '../api/queries.js';
import type { LogSource } from './stream.js';

const TRY_AGAIN_MS = 2_000;

/**
 * Reads lines of plain text as they come, as the only step. They have no numbers: after a lost connection the last ones are read again, and a
 * line says so.
 */
export async function readText(source: LogSource): Promise<void> {
  for (;;) {
    try {
      await readOnce(source);
      if (source.signal.aborted) return;
      // The server has ended it, as before a restart.
      source.isLost(true);
    } catch (error) {
      if (source.signal.aborted) return;
      if (error instanceof Problem && !isPassing(error)) throw error;
      source.isLost(true);
    }
    await new Promise((done) => setTimeout(done, TRY_AGAIN_MS));
  }
}

async function readOnce({ url, next, hear, isLost, signal }: LogSource): Promise<void> {
  const response = await ask(`${url}&follow=true`, { signal });
  isLost(false);
  // What was heard may wait for the next frame, so it is counted here.
  let number = next();
  const put = (text: string) => hear([{ number: number++, at: null, step: 0, text }]);
  if (number > 0) put('— the connection was lost; the last lines come again —');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) break;
    const whole = rest + part.value;
    const end = whole.lastIndexOf('\n') + 1;
    rest = whole.slice(end);
    if (end > 0) put(whole.slice(0, end));
  }
}
