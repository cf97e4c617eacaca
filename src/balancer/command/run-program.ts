import { spawn } from 'node:child_process';
import type { Mask } from '../../mask.js';
import { endGroup } from '../../tunnel/socket-folder.js';
import { refused, unavailable } from '../rules/faults.js';

const MAX_OUTPUT_BYTES = 64 * 1024;
const MAX_COMPLAINT_CHARACTERS = 4_096;
const MAX_COMPLAINT_LINES = 10;
/** What the program started may hold its output longer than the program lives. */
const LAST_WORDS_MS = 500;

export interface ProgramOptions {
  /** Milliseconds until it is killed. */
  readonly timeoutMs: number;
  /** For what it says when it fails. */
  readonly mask: Mask;
}

/**
 * Runs a program to its end, without a shell, in a process group of its own that ends with it. Resolves with its output, at most 64 KiB. Fails
 * with `balancer-refused` and the last lines of its stderr if it ends with another code than 0, with `balancer-unavailable` if it cannot be
 * started, takes too long, prints too much or is killed. It has Slipway's environment.
 */
export function runProgram(words: readonly string[], { timeoutMs, mask }: ProgramOptions): Promise<string> {
  const [program = '', ...args] = words;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let complaint = '';
    let isCut = false;
    const timers: NodeJS.Timeout[] = [];
    let isOver = false;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      timers.forEach(clearTimeout);
      if (child.pid !== undefined) endGroup(child.pid, 'SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
      settle();
    };
    const fail = (why: string, cause?: unknown): void => end(() => reject(unavailable(program, why, cause)));
    const over = (): void => {
      const { exitCode, signalCode } = child;
      if (signalCode !== null) return fail(`it was ended by ${signalCode}`);
      if (exitCode === 0) return end(() => resolve(Buffer.concat(chunks).toString('utf8')));
      // A line that was cut may begin with the end of a secret.
      const said = lastLines(mask(isCut ? complaint.replace(/^.*\n?/, '') : complaint));
      end(() => reject(refused(program, `exit code ${exitCode}${said === '' ? '' : `\n${said}`}`)));
    };
    timers.push(setTimeout(() => fail(`it took more than ${timeoutMs / 1000} s, and was ended`), timeoutMs));
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MAX_OUTPUT_BYTES) fail(`it printed more than ${MAX_OUTPUT_BYTES / 1024} KiB`);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      const whole = `${complaint}${chunk.toString('utf8')}`;
      isCut ||= whole.length > MAX_COMPLAINT_CHARACTERS;
      complaint = whole.slice(-MAX_COMPLAINT_CHARACTERS);
    });
    child.on('error', (error) => fail(`it cannot be started: ${error.message}`, error));
    child.on('exit', () => timers.push(setTimeout(over, LAST_WORDS_MS)));
    child.on('close', over);
  });
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-MAX_COMPLAINT_LINES).join('\n');
