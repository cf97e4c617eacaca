import { printableOutput } from '../../printable.js';
import { Ended, exitCodes } from './exit.js';
import type { Server } from './server.js';

/** Prints a log as it comes, to its end. Colours stay; nothing else in it can move the cursor. */
export async function printLog(path: string, server: Server, print: (text: string) => void): Promise<void> {
  const { body } = await server.open(path);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const part = await reader?.read();
      if (part === undefined || part.done) return;
      print(printableOutput(part.value));
    }
  } catch (error) {
    if (error instanceof Ended) throw error;
    throw new Ended(exitCodes.unreachable, `${server.url}: the connection was lost.`);
  }
}
