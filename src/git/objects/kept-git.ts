import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Socket } from 'node:net';
import { ByteReader } from './byte-reader.js';
import { stopGit } from '../run-git.js';
import type { Crowd, Kept } from './crowd.js';

export interface KeptGitOptions {
  /** Starts a git that answers each line of its input in turn, as `git cat-file --batch` does. */
  readonly start: () => ChildProcessWithoutNullStreams;
  /** Milliseconds without a question after which the process is let go. */
  readonly idle: number;
  /** Of all that are kept. */
  readonly crowd: Crowd;
  /** Milliseconds within which answers come. */
  readonly patience: number;
  /** Called when a process ends or is let go: what was learned from it may be forgotten. */
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
 * A git process that is kept while questions come: starting one costs more than most answers, and holds up everything else meanwhile. It
 * never keeps the server from ending, and ends with it, for its input is closed then.
 */
export class KeptGit implements Kept {
  #current: Conversation | null = null;

  constructor(private readonly options: KeptGitOptions) {}

  /**
   * Asks in one go; `read` takes exactly the answers to it and throws where they are none. Resolves with null where git does not answer as
   * it should: whoever asked then finds out why in another way. Fails with `internal` where no process can be started.
   */
  async ask<T>(question: string, read: (answers: ByteReader) => Promise<T>): Promise<T | null> {
    const conversation = (this.#current ??= this.#begin());
    conversation.pending += 1;
    this.options.crowd.used(this);
    // Later questions have no say in how long the first may take: a git that hangs would be kept as long as they come.
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

  /** Lets the process go; the next question starts another. */
  close(): void {
    if (this.#current !== null) this.#end(this.#current);
  }

  #begin(): Conversation {
    const child = this.options.start();
    const answers = new ByteReader(child.stdout);
    const conversation: Conversation = { child, answers, last: Promise.resolve(), pending: 0, timer: null };
    const end = () => this.#end(conversation);
    // Complaints are of damage: what it says from then on cannot be relied on.
    child.stderr.once('data', end).resume();
    child.once('error', end).once('close', end).unref();
    for (const stream of [child.stdin, child.stderr]) if (stream instanceof Socket) stream.unref();
    return conversation;
  }

  /** Only a question that waits for its answer keeps the event loop, and thereby the server, alive. */
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
    this.options.crowd.left(this);
    if (conversation.timer !== null) clearTimeout(conversation.timer);
    stopGit(conversation.child);
    // Whoever waits for an answer need not wait for git to end.
    conversation.child.stdout.destroy();
    this.options.onEnd();
  }
}
