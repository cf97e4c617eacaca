import pc from 'picocolors';
import { printable } from '../../printable.js';

export type Colours = Pick<ReturnType<typeof pc.createColors>, 'green' | 'red' | 'yellow' | 'blue' | 'dim' | 'bold'>;

/** Where a command writes. Data goes to stdout, all else to stderr. */
export interface Terminal {
  /** Whether a person sees stdout. If not, there are no headings, colours or hints. */
  readonly isTerminal: boolean;
  /** Whether a person can also be asked. */
  readonly asks: boolean;
  readonly colours: Colours;
  /** Data. */
  out(text: string): void;
  /** What is no data, as it is. */
  err(text: string): void;
  /** A sentence beside the data. Control characters are escaped. */
  say(sentence: string): void;
  /** The next command to type, in grey. Only people see it. */
  hint(command: string): void;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown };
  readonly stdin?: { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colours heed NO_COLOR (https://no-color.org) and FORCE_COLOR. */
export function createTerminal({ stdin, stdout, stderr, env }: Streams): Terminal {
  const isTerminal = stdout.isTTY === true;
  const isColoured = isSet(env['NO_COLOR'])
    ? false
    : isSet(env['FORCE_COLOR']) || (isTerminal && env['TERM'] !== 'dumb');
  const colours = pc.createColors(isColoured);
  return {
    isTerminal,
    asks: isTerminal && stdin?.isTTY === true,
    colours,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    say: (sentence) => void stderr.write(`${printable(sentence)}\n`),
    hint: (command) => {
      if (isTerminal) stderr.write(`${colours.dim(printable(command))}\n`);
    },
  };
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0';
