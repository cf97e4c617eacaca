import { pino, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { printableJson, twiceEscapedJson } from '../printable.js';

/** Where a log goes instead of standard output. */
export interface LogOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** The server's log: for people on a terminal, JSON for everything else. Control characters in quoted text are escaped. */
export function createLog(level = 'info', output?: LogOutput): Logger {
  const isTerminal = (output ?? process.stdout).isTTY === true;
  if (!isTerminal) return pino({ level, hooks: { streamWrite: printableJson } }, output ?? pino.destination(1));
  const pretty = PinoPretty({ ignore: 'pid,hostname', messageFormat: indented, destination: output ?? 1 });
  return pino({ level, hooks: { streamWrite: twiceEscapedJson } }, pretty);
}

/** Further lines of a message are indented, so that none looks like a separate entry. */
function indented(entry: Readonly<Record<string, unknown>>, key: string): string {
  return String(entry[key] ?? '').replaceAll('\n', '\n    ');
}
