import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { serialize } from 'node:v8';
import { SlipwayError } from '../errors.js';
import type { Question, Reply, Sandbox, Tasks } from './contract.js';
import { outputOf } from './perform.js';

export interface PoolOptions {
  /** Starts a thread that serves the tasks. */
  readonly start: () => Worker;
  /** Maximum threads. Each starts when needed. */
  readonly threads: number;
  /** Milliseconds for one task. */
  readonly deadline: number;
}

interface Job {
  readonly question: Question;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: SlipwayError) => void;
}

/** Digests of inputs that were stopped, so that a retry does not cost another deadline. */
const MAX_REFUSED = 1_000;

/**
 * Runs tasks in worker threads. A task over its deadline or memory limit ends with its thread. The next task gets a new one. An idle thread
 * does not keep the process alive.
 */
export function createPool<All extends Tasks>(options: PoolOptions): Sandbox<All> {
  const pool = new Pool(options);
  return {
    run: async (name, input) => outputOf(await pool.ask({ name, input })) as never,
    close: () => pool.close(),
  };
}

class Pool {
  readonly #waiting: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, (error: SlipwayError) => void>();
  /** Digest of a stopped input → its outline. */
  readonly #refused = new Map<string, string>();
  #closed = false;

  constructor(private readonly options: PoolOptions) {}

  ask(question: Question): Promise<Reply> {
    if (this.#closed) return Promise.reject(stopped('the server ends'));
    if (this.#isRefused(question)) return Promise.reject(stopped('it was stopped before'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(stopped('the server ends'));
    const threads = [...this.#idle.splice(0), ...this.#busy.keys()];
    for (const end of [...this.#busy.values()]) end(stopped('the server ends'));
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #next(): void {
    const job = this.#waiting[0];
    if (!job) return;
    const thread = this.#idle.pop() ?? (this.#busy.size < this.options.threads ? this.#start() : null);
    if (thread === null) return;
    this.#waiting.shift();
    this.#run(job, thread);
  }

  #start(): Worker {
    const thread = this.options.start();
    // An error while the thread is idle also ends it. The next task starts another.
    thread.on('error', () => this.#forget(thread));
    thread.on('exit', () => this.#forget(thread));
    return thread;
  }

  #run({ question, resolve, reject }: Job, thread: Worker): void {
    const finish = (): void => {
      clearTimeout(timer);
      this.#busy.delete(thread);
      thread.off('message', onReply).off('error', onError).off('exit', onExit);
    };
    const fail = (error: SlipwayError): void => {
      finish();
      void thread.terminate();
      if (error.code === 'reading-stopped' && !this.#closed) this.#refuse(question);
      reject(error);
      this.#next();
    };
    const onReply = (reply: Reply): void => {
      finish();
      thread.unref();
      this.#idle.push(thread);
      resolve(reply);
      this.#next();
    };
    const onError = (cause: Error): void => fail(endedBy(cause));
    const onExit = (): void => fail(stopped('its thread ended'));
    const onDeadline = (): void => fail(stopped(`it took more than ${this.options.deadline} ms`));
    const timer = setTimeout(onDeadline, this.options.deadline);
    this.#busy.set(thread, fail);
    thread.on('message', onReply).on('error', onError).on('exit', onExit);
    thread.ref();
    thread.postMessage(question);
  }

  #forget(thread: Worker): void {
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** Hashing a large input holds up everything else, so only an input of the same outline is hashed. */
  #isRefused(question: Question): boolean {
    if (this.#refused.size === 0) return false;
    const outline = outlineOf(question);
    return [...this.#refused.values()].includes(outline) && this.#refused.has(digestOf(question));
  }

  #refuse(question: Question): void {
    this.#refused.set(digestOf(question), outlineOf(question));
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > MAX_REFUSED && oldest !== undefined) this.#refused.delete(oldest);
  }
}

/** The task's name and the sizes of what the input consists of. */
function outlineOf({ name, input }: Question): string {
  const parts: readonly unknown[] = typeof input === 'object' && input !== null ? Object.values(input) : [input];
  return [name, ...parts.map(sizeOf)].join(' ');
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null && 'length' in value ? Number(value.length) : 0;
}

const digestOf = (question: Question): string => createHash('sha256').update(serialize(question)).digest('base64');

/** A thread that could not start, or ended because of an internal error, says nothing about the input. */
function endedBy(cause: Error): SlipwayError {
  if ('code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') return stopped('it took too much memory', cause);
  return new SlipwayError('internal', `A reading thread failed: ${cause.message}`, { cause });
}

function stopped(why: string, cause?: unknown): SlipwayError {
  return new SlipwayError('reading-stopped', `Reading a file of the repository was stopped: ${why}.`, { cause });
}
