import { runProgram } from '../../src/cli/program.js';
import { systemClock } from '../../src/system-clock.js';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** As somebody at a terminal sees it. Default: a pipe. */
  readonly isTerminal?: boolean;
}

/** Runs `slipway` in this process, as those do who ask a server. */
export async function commandLine(
  words: readonly string[],
  { env = {}, isTerminal = false }: CommandOptions = {},
): Promise<CommandResult> {
  let [stdout, stderr] = ['', ''];
  const streams = {
    stdout: { write: (text: string) => (stdout += text), isTTY: isTerminal },
    stderr: { write: (text: string) => (stderr += text) },
    env: { HOME: '/nowhere', ...env },
  };
  const code = await runProgram(words, streams, systemClock);
  return { code, stdout, stderr };
}
