import { StringDecoder } from 'node:string_decoder';

/** Past this a line is cut in two, so that a step that prints none does not fill the memory. */
const longestLine = 64 * 1024;

/** Bytes in pieces become whole lines. */
export interface LineBuffer {
  /** The lines that these bytes complete. */
  take(bytes: Buffer): readonly string[];
  /** What is left without an end. */
  end(): readonly string[];
}

/**
 * Splits on line feeds. Of a line that was overwritten with carriage returns, as progress bars do, only the last state is kept. Characters
 * that are split between pieces are put together.
 */
export function createLineBuffer(): LineBuffer {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    take(bytes) {
      const lines = (rest + decoder.write(bytes)).split('\n');
      rest = lines.pop() ?? '';
      const whole = lines.map(lastState);
      if (rest.length > longestLine) {
        whole.push(lastState(rest));
        rest = '';
      }
      return whole;
    },
    end() {
      const last = rest + decoder.end();
      rest = '';
      return last === '' ? [] : [lastState(last)];
    },
  };
}

function lastState(line: string): string {
  const written = line.replace(/\r+$/, '');
  return written.slice(written.lastIndexOf('\r') + 1);
}
