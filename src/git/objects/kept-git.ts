import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Socket } from 'node:net';
import { ByteReader } from './byte-reader.js';
import { stopGit } from '../process/run-git.js';
import type { ProcessPool, Kept } from './process-pool.js';

export interface KeptGitOptions {
  /** Starts a git that answers each line of its input in turn, like `git cat-file --batch`. */
  readonly start: () => ChildProcessWithoutNullStreams;
  /** Milliseconds without a question after which the process is closed. */
  readonly idle: number;
  readonly processes: ProcessPool;
  /** Milliseconds to wait for an answer. */
  readonly patience: number;
  /** Called when the process ends or is closed. Knowledge from it may be dropped. */
  readonly onEnd: () => void;
}

interface Conversation {
  readonly child: ChildProcessWithoutNullStreams;
  readonly answers: ByteReader;
  last: Promise<unknown>;
  pending: number;
  timer: NodeJS.Timeout | null;
}

/**
 * A git process that stays open between questions: starting one costs more than most answers and blocks the event loop. It never keeps the
 * server running, and it ends with the server because its input closes.
 */
export class KeptGit implements Kept {
  #current: Conversation | null = null;

  constructor(private readonly options: KeptGitOptions) {}

  /**
   * Sends a question. `read` must take exactly its answers, and throw if they are invalid. Resolves with null if git misbehaves; the caller
   * then finds out why in another way. Fails with `internal` if no process can be started.
   */
  async ask<T>(question: string, read: (answers: ByteReader) => Promise<T>): Promise<T | null> {
    const conversation = (this.#current ??= this.#begin());
    conversation.pending += 1;
    this.options.processes.used(this);
    // Later questions must not extend the first one's deadline, or a hanging git would live as long as they come.
    if (conversation.pending === 1) this.#expect(conversation);
    conversation.child.stdin.write(question);
    const turn = conversation.last.then(() => read(conversation.answers));
    conversation.last = turn.catch(() => {});
    try {
      return await turn;
    } catch {
      this.#end(conversation);
      return null;
    } finally {
      conversation.pending -= 1;
      this.#expect(conversation);
    }
  }

  get isIdle(): boolean {
    return (this.#current?.pending ?? 0) === 0;
  }

  /** Closes the process. The next question starts another. */
  close(): void {
    if (this.#current !== null) this.#end(this.#current);
  }

  #begin(): Conversation {
    const child = this.options.start();
    const answers = new ByteReader(child.stdout);
    const conversation: Conversation = { child, answers, last: Promise.resolve(), pending: 0, timer: null };
    const end = () => this.#end(conversation);
    // Messages on stderr mean damage: later answers cannot be trusted.
    child.stderr.once('data', end).resume();
    child.once('error', end).once('close', end).unref();
    for (const stream of [child.stdin, child.stderr]) if (stream instanceof Socket) stream.unref();
    return conversation;
  }

  /** Only a pending question keeps the event loop running. */
  #expect(conversation: Conversation): void {
    const { child, pending } = conversation;
    if (conversation.timer !== null) clearTimeout(conversation.timer);
    conversation.timer = null;
    if (child.stdout instanceof Socket) child.stdout[pending > 0 ? 'ref' : 'unref']();
    if (conversation !== this.#current) return;
    const { idle, patience } = this.options;
    conversation.timer = setTimeout(() => this.#end(conversation), pending > 0 ? patience : idle);
    conversation.timer.unref();
  }

  #end(conversation: Conversation): void {
    if (conversation !== this.#current) return;
    this.#current = null;
    this.options.processes.left(this);
    if (conversation.timer !== null) clearTimeout(conversation.timer);
    stopGit(conversation.child);
    // Callers need not wait for git to end.
    conversation.child.stdout.destroy();
    this.options.onEnd();
  }
}
