import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { asSlipwayError, SlipwayError } from '../errors.js';
import { grouped } from '../grouped.js';
import { tooLarge } from './limits.js';
import type { TakeOutput } from './rows.js';

/** What goes into a command and what comes out of it. */
export interface Reading {
  /** Lines, gone through each time that the command is run. */
  readonly input?: Iterable<string>;
  /** Begins to take what git prints as it comes, anew each time that the command is run; the outcome has none of it then. */
  readonly begin?: () => TakeOutput;
}

export interface GitCommand extends Reading {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds after which git is stopped. */
  readonly timeout: number;
  /** Stops git when it aborts. */
  readonly signal?: AbortSignal;
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

/**
 * Starts git without a shell, in a process group of its own: git's helpers (`git-remote-http`) outlive git where only git itself is
 * ended. Without `git` on the PATH, later events tell. Fails with `internal` where the process has no file handles left.
 */
export function startGit(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const child: ChildProcess = spawn('git', [...args], { env, stdio: 'pipe', detached: true });
  // Whoever does not listen learns of it from what does not come; without a listener it would end the server.
  child.on('error', () => {});
  if (!hasPipes(child)) throw new SlipwayError('internal', 'git cannot be started: too many open files');
  // git may end before it has read all of its input; its exit code says why.
  child.stdin.on('error', () => {});
  return child;
}

/** Node leaves out all three where it finds no room for them. */
const hasPipes = (child: ChildProcess): child is ChildProcessWithoutNullStreams => Boolean(child.stdin);

/** Writes lines to a process as fast as it reads them, and ends its input. */
export function sayLines(child: ChildProcessWithoutNullStreams, lines: Iterable<string>): void {
  Readable.from(pagesOf(lines), { highWaterMark: 1 }).pipe(child.stdin);
}

function* pagesOf(lines: Iterable<string>): Generator<string> {
  let page: string[] = [];
  for (const line of lines) {
    if (page.push(line) < linesAPage) continue;
    yield `${page.join('\n')}\n`;
    page = [];
  }
  if (page.length > 0) yield `${page.join('\n')}\n`;
}

const linesAPage = 1000;

/** Whether the process has ended and nobody else holds its pipes. */
const isOver = (child: ChildProcessWithoutNullStreams): boolean =>
  (child.exitCode !== null || child.signalCode !== null) && child.stdout.closed && child.stderr.closed;

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The last of the group has just ended.
  }
}

/** Ends a process that may already have ended, and all that it started: gently first. In the end it counts as closed, whoever has its pipes. */
export function stopGit(child: ChildProcessWithoutNullStreams): void {
  if (isOver(child)) return;
  signalGroup(child, 'SIGTERM');
  const killer = setTimeout(() => {
    signalGroup(child, 'SIGKILL');
    // What has left the group (an ssh connection that is kept for later) lives on, and may hold these for as long as it does.
    child.stdout.destroy();
    child.stderr.destroy();
  }, graceMs);
  killer.unref();
  child.once('close', () => clearTimeout(killer));
}

/** Bytes of an output that is not taken as it comes. */
const mostCollected = 1024 * 1024;

/** An output that is short: what may be long is taken as it comes. Fails with `repository-too-large` where it is not. */
class Collected {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  readonly add: TakeOutput = (chunk) => {
    this.#size += chunk.length;
    if (this.#size > mostCollected) throw tooLarge(`git printed more than ${grouped(mostCollected)} bytes.`);
    this.#chunks.push(chunk);
    return true;
  };

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/**
 * Runs git to its end, whatever its exit code, or until nobody wants more of what it prints: then its code counts as 0. Fails with
 * `internal` where git cannot be started, and as the taker of its output fails.
 */
export function runGit(command: GitCommand): Promise<GitOutcome> {
  return new Promise((resolve, reject) => {
    const child = startGit(command.args, command.env);
    const collected = new Collected();
    const complaint = new Complaint();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      stopGit(child);
    }, command.timeout);
    const stop = () => stopGit(child);
    if (command.signal?.aborted) stop();
    command.signal?.addEventListener('abort', stop, { once: true });
    const over = () => {
      clearTimeout(timer);
      command.signal?.removeEventListener('abort', stop);
    };
    const taking = takeFrom(child, command.begin?.() ?? collected.add);
    child.stderr.on('data', (chunk: Buffer) => complaint.add(chunk));
    child.on('error', (cause) => {
      over();
      reject(new SlipwayError('internal', `git cannot be started: ${cause.message}`, { cause }));
    });
    child.on('close', (code) => {
      over();
      if (taking.failure !== null) return reject(taking.failure);
      const stdout = collected.bytes;
      resolve({ code: taking.isEnough ? 0 : code, stdout, complaint: complaint.text, timedOut });
    });
    sayLines(child, command.input ?? []);
  });
}

/** Stops git when no more of its output is wanted, or when taking it fails. */
function takeFrom(child: ChildProcessWithoutNullStreams, take: TakeOutput) {
  const taking: { isEnough: boolean; failure: SlipwayError | null } = { isEnough: false, failure: null };
  child.stdout.on('data', (chunk: Buffer) => {
    if (taking.isEnough || taking.failure !== null) return;
    try {
      if (take(chunk)) return;
      taking.isEnough = true;
    } catch (error) {
      taking.failure = asSlipwayError(error);
    }
    stopGit(child);
  });
  return taking;
}
