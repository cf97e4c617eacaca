import { StringDecoder } from 'node:string_decoder';

/** A longer line is split, so that a step without line feeds does not fill the memory. In characters. */
const MAX_LINE_CHARACTERS = 64 * 1024;

/** Turns bytes in pieces into whole lines. */
export interface LineBuffer {
  /** Characters held without a line end. */
  readonly held: number;
  /** The lines that these bytes complete. */
  take(bytes: Buffer): readonly string[];
  /** The rest without a line end. */
  end(): readonly string[];
}

/**
 * Splits on line feeds. If carriage returns overwrote a line, as progress bars do, only its last state is kept. Characters split between
 * pieces are joined. Linear in any input.
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
      if (rest.length > MAX_LINE_CHARACTERS) {
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
