import type { Command } from 'commander';
import { serverOf, type Server } from './server.js';
import { printableJson } from '../../printable.js';
import type { Terminal } from './terminal.js';

/** What every command works with. */
export interface Cli {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The exit code, if the work ends well. */
  exit(code: number): void;
}

/** Options of every command. */
export interface Globals {
  readonly server?: string;
  readonly json?: boolean;
}

export const globalsOf = (command: Command): Globals => command.opts<Globals>();

export const serverFor = (command: Command, { env }: Cli): Promise<Server> => serverOf(globalsOf(command).server, env);

/** Writes an answer as JSON, as the API has it, or as text for people. */
export function show(command: Command, { terminal }: Cli, value: unknown, text: () => string): void {
  terminal.out(globalsOf(command).json === true ? `${printableJson(JSON.stringify(value, null, 2))}\n` : text());
}
