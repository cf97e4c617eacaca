import { pino, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';

/** The server's log: for people on a terminal, JSON for everything else. */
export function createLog(level = 'info'): Logger {
  const options = { level };
  return process.stdout.isTTY ? pino(options, PinoPretty({ ignore: 'pid,hostname' })) : pino(options);
}
