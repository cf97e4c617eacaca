import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { asSlipwayError, SlipwayError } from '../../errors.js';
import { grouped } from '../../grouped.js';
import { tooLarge } from '../output/limits.js';
import type { TakeOutput } from '../output/rows.js';

/** A command's input and output. */
export interface Reading {
  /** Lines. Iterated each time the command is run. */
  readonly input?: Iterable<string>;
  /** Starts a new reader of git's output each time the command is run. The result then contains no output. */
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
  /** Null if a signal ended git. */
  readonly code: number | null;
  readonly stdout: Buffer;
  /** Git's stderr. The middle of a long text is left out. */
  readonly complaint: string;
  readonly timedOut: boolean;
}

const KEPT_COMPLAINT_CHARACTERS = 8192;
/** Time for git to clean up (lock files, half a pack) before it is killed. */
const GRACE_MS = 5000;

/** Collects text of unknown length: a damaged pack makes git write messages without end. */
export class Complaint {
  #text = '';

  add(chunk: Buffer): void {
    this.#text += chunk.toString('utf8');
    if (this.#text.length > 4 * KEPT_COMPLAINT_CHARACTERS) {
      this.#text = `${this.#text.slice(0, KEPT_COMPLAINT_CHARACTERS)}\n…\n${this.#text.slice(-KEPT_COMPLAINT_CHARACTERS)}`;
    }
  }

  get text(): string {
    return this.#text;
  }
}

/**
 * Starts git without a shell in its own process group: helpers (`git-remote-http`) would outlive git if only git was ended. Later events
 * report a missing `git`. Fails with `internal` if the process has no file handles left.
 */
export function startGit(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const child: ChildProcess = spawn('git', [...args], { env, stdio: 'pipe', detached: true });
  // Without a listener an error would end the server. Callers notice the missing output.
  child.on('error', () => {});
  if (!hasPipes(child)) throw new SlipwayError('internal', 'git cannot be started: too many open files');
  // git may end before it has read all of its input. Its exit code says why.
  child.stdin.on('error', () => {});
  return child;
}

/** Node omits all three if it has no room for them. */
const hasPipes = (child: ChildProcess): child is ChildProcessWithoutNullStreams => Boolean(child.stdin);

/** Writes lines to a process as fast as it reads them, then ends its input. */
export function sayLines(child: ChildProcessWithoutNullStreams, lines: Iterable<string>): void {
  Readable.from(pagesOf(lines), { highWaterMark: 1 }).pipe(child.stdin);
}

function* pagesOf(lines: Iterable<string>): Generator<string> {
  let page: string[] = [];
  for (const line of lines) {
    if (page.push(line) < PAGE_LINES) continue;
    yield `${page.join('\n')}\n`;
    page = [];
  }
  if (page.length > 0) yield `${page.join('\n')}\n`;
}

const PAGE_LINES = 1000;

/** True if the process has ended and nobody else holds its pipes. */
const isOver = (child: ChildProcessWithoutNullStreams): boolean =>
  (child.exitCode !== null || child.signalCode !== null) && child.stdout.closed && child.stderr.closed;

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The last process of the group has just ended.
  }
}

/**
 * Ends a process and everything it started, gently at first. It may already have ended. Afterwards it counts as closed, even if another
 * process holds its pipes.
 */
export function stopGit(child: ChildProcessWithoutNullStreams): void {
  if (isOver(child)) return;
  signalGroup(child, 'SIGTERM');
  const killer = setTimeout(() => {
    signalGroup(child, 'SIGKILL');
    // A process outside the group (a kept ssh connection) lives on and may hold these.
    child.stdout.destroy();
    child.stderr.destroy();
  }, GRACE_MS);
  killer.unref();
  child.once('close', () => clearTimeout(killer));
}

/** Maximum bytes of an output that is collected whole. */
const MAX_COLLECTED_BYTES = 1024 * 1024;

/** Collects a short output. Longer output needs a reader. Fails with `repository-too-large` beyond the limit. */
class Collected {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  readonly add: TakeOutput = (chunk) => {
    this.#size += chunk.length;
    if (this.#size > MAX_COLLECTED_BYTES)
      throw tooLarge(`git printed more than ${grouped(MAX_COLLECTED_BYTES)} bytes.`);
    this.#chunks.push(chunk);
    return true;
  };

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/**
 * Runs git to its end, with any exit code, or until the reader wants no more: then its code counts as 0. Fails with `internal` if git
 * cannot be started, and with the reader's errors.
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

/** Stops git when the reader wants no more or fails. */
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
