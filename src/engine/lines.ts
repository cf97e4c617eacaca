import { StringDecoder } from 'node:string_decoder';

/** Past this a line is cut in two, so that a step that prints none does not fill the memory. In characters. */
const MAX_LINE_LENGTH = 64 * 1024;

/** Bytes in pieces become whole lines. */
export interface LineBuffer {
  /** Characters held because their line has no end yet. */
  readonly held: number;
  /** The lines that these bytes complete. */
  take(bytes: Buffer): readonly string[];
  /** What is left without an end. */
  end(): readonly string[];
}

/**
 * Splits on line feeds. Of a line that was overwritten with carriage returns, as progress bars do, only the last state is kept. Characters
 * that are split between pieces are put together. Takes linear time, whatever the pieces and lines are like.
 */
export function createLineBuffer(): LineBuffer {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    get held() {
      return rest.length;
    },
    take(bytes) {
      const whole: string[] = [];
      const [first = '', ...more] = decoder.write(bytes).split('\n');
      rest += first;
      for (const line of more) {
        whole.push(lastState(rest));
        rest = line;
      }
      if (rest.length > MAX_LINE_LENGTH) {
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
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}
