import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { SlipwayError } from '../errors.js';

export interface GitCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Milliseconds after which git is stopped. */
  readonly timeout: number;
}

export interface GitOutcome {
  /** Null where git was ended by a signal. */
  readonly code: number | null;
  readonly stdout: Buffer;
  /** What git wrote to stderr, its middle left out where it is long. */
  readonly complaint: string;
  readonly timedOut: boolean;
}

const keptOfComplaint = 8192;
/** Time to clean up after itself (lock files, half a pack) that git is given before it is killed. */
const graceMs = 5000;

/** Collects text of unknown length: a damaged pack makes git complain without end. */
export class Complaint {
  #text = '';

  add(chunk: Buffer): void {
    this.#text += chunk.toString('utf8');
    if (this.#text.length > 4 * keptOfComplaint) {
      this.#text = `${this.#text.slice(0, keptOfComplaint)}\n…\n${this.#text.slice(-keptOfComplaint)}`;
    }
  }

  get text(): string {
    return this.#text;
  }
}

/** Starts git without a shell. Without `git` on the PATH, later events tell. */
export function startGit(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const child = spawn('git', [...args], { env, stdio: 'pipe' });
  // git may end before it has read all of its input; its exit code says why.
  child.stdin.on('error', () => {});
  return child;
}

/** Ends a process that may already have ended, gently first; its own children go with it. */
export function stopGit(child: ChildProcessWithoutNullStreams): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const killer = setTimeout(() => {
    child.kill('SIGKILL');
    // A grandchild that outlived git may hold the pipes open.
    child.stdout.destroy();
    child.stderr.destroy();
  }, graceMs);
  killer.unref();
  child.once('exit', () => clearTimeout(killer));
}

/** Runs git to its end, whatever its exit code. Fails with `internal` only where git cannot be started. */
export function runGit(command: GitCommand): Promise<GitOutcome> {
  return new Promise((resolve, reject) => {
    const child = startGit(command.args, command.env);
    const stdout: Buffer[] = [];
    const complaint = new Complaint();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      stopGit(child);
    }, command.timeout);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaint.add(chunk));
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new SlipwayError('internal', `git cannot be started: ${cause.message}`, { cause }));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: Buffer.concat(stdout), complaint: complaint.text, timedOut });
    });
    child.stdin.end(command.input ?? '');
  });
}
