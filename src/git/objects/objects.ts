import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { SlipwayError } from '../../errors.js';
import type { ByteReader } from './byte-reader.js';
import type { ProcessPool } from './process-pool.js';
import { KeptGit } from './kept-git.js';

export interface ObjectHeader {
  readonly type: string;
  readonly size: number;
}

/** Maximum questions at once. Answers come one by one, and a separate process is faster for more. */
export const MAX_QUESTIONS = 1000;

/** Bridges the time between pushes on a busy day. */
const IDLE_MS = 60_000;
/** Number of cached answers of git commands, and the bytes of each. They last as long as a burst. */
const MAX_REMEMBERED = 200;
export const MAX_REMEMBERED_BYTES = 16 * 1024;
/** Bytes of an unwanted content to skip. Beyond that a new process is cheaper. */
const MAX_SKIPPED_BYTES = 1024 * 1024;
/** Number of objects that are remembered as too large, so that git need not be stopped for them again. */
const MAX_REMEMBERED_LARGE = 1000;

export interface SizedContent {
  /** In bytes. */
  readonly size: number;
  /** Null if it is larger than the limit. */
  readonly content: Buffer | null;
}

const sized = (content: Buffer, maxBytes: number): SizedContent => ({
  size: content.length,
  content: content.length > maxBytes ? null : content,
});

export interface ObjectsOptions {
  readonly start: (args: readonly string[]) => ChildProcessWithoutNullStreams;
  readonly patience: number;
  readonly processes: ProcessPool;
}

/**
 * Reads a mirror's objects through processes that stay open. Objects never change, so answers are cached as long as the processes live.
 * Null means: ask git itself, which says why.
 */
export class Objects {
  readonly #headers: KeptGit;
  readonly #contents: KeptGit;
  readonly #known = new Map<string, Buffer>();
  readonly #large = new Map<string, number>();

  constructor({ start, patience, processes }: ObjectsOptions) {
    const kept = (option: string) =>
      new KeptGit({
        start: () => start(['cat-file', option]),
        idle: IDLE_MS,
        patience,
        processes,
        onEnd: () => this.#known.clear(),
      });
    this.#headers = kept('--batch-check');
    this.#contents = kept('--batch');
  }

  /** In the given order. Null for each object that the mirror lacks. */
  async headers(ids: readonly string[]): Promise<readonly (ObjectHeader | null)[] | null> {
    if (ids.length > MAX_QUESTIONS) return null;
    return this.#headers.ask(`${ids.join('\n')}\n`, async (answers) => {
      const found: (ObjectHeader | null)[] = [];
      for (const id of ids) found.push(await readHeader(answers, id));
      return found;
    });
  }

  /** Full id of each abbreviated one. Null if there is none or several. */
  async resolve(abbreviated: readonly string[]): Promise<readonly (string | null)[] | null> {
    if (abbreviated.length > MAX_QUESTIONS) return null;
    return this.#headers.ask(`${abbreviated.join('\n')}\n`, async (answers) => {
      const found: (string | null)[] = [];
      for (const prefix of abbreviated) {
        const [id = '', , size] = ((await answers.line()) ?? '').split(' ');
        if (!id.startsWith(prefix)) throw new SlipwayError('internal', `git did not answer about ${prefix}`);
        found.push(size === undefined ? null : id);
      }
      return found;
    });
  }

  /**
   * The content of an object of that type, up to `maxBytes` bytes. Git announces the size first and is stopped if it is larger. Objects of
   * another type count as missing.
   */
  async content(id: string, type: string, maxBytes: number): Promise<SizedContent | null> {
    const known = this.recall(`${type} ${id}`);
    if (known !== null) return sized(known, maxBytes);
    const large = this.#tooLarge(id, maxBytes);
    if (large !== null) return large;
    const answer = await this.#contents.ask(`${id}\n`, (answers) => this.#readContent(answers, id, type, maxBytes));
    // If a process was stopped for it, its size is known.
    return answer ?? this.#tooLarge(id, maxBytes);
  }

  async #readContent(answers: ByteReader, id: string, type: string, maxBytes: number): Promise<SizedContent | null> {
    const header = await readHeader(answers, id);
    if (header === null) return null;
    const { size } = header;
    const isWanted = header.type === type && size <= maxBytes;
    if (header.type === type && !isWanted) this.#noteLarge(id, size);
    if (!isWanted && size > MAX_SKIPPED_BYTES) throw new SlipwayError('internal', `${id} is too large to skip`);
    const chunks: Buffer[] = [];
    for await (const chunk of answers.take(size)) if (isWanted) chunks.push(chunk);
    if (!answers.complete || (await answers.line()) !== '')
      throw new SlipwayError('internal', `git stopped in the middle of ${id}`);
    if (!isWanted) return header.type === type ? { size, content: null } : null;
    const content = Buffer.concat(chunks);
    this.keep(`${type} ${id}`, content);
    return { size, content };
  }

  #tooLarge(id: string, maxBytes: number): SizedContent | null {
    const size = this.#large.get(id);
    return size === undefined || size <= maxBytes ? null : { size, content: null };
  }

  #noteLarge(id: string, size: number): void {
    this.#large.set(id, size);
    const [oldest] = this.#large.keys();
    if (this.#large.size > MAX_REMEMBERED_LARGE && oldest !== undefined) this.#large.delete(oldest);
  }

  /** A cached answer, or null. It stays valid as long as it is cached. */
  recall(key: string): Buffer | null {
    return this.#known.get(key) ?? null;
  }

  keep(key: string, answer: Buffer): void {
    if (answer.length <= MAX_REMEMBERED_BYTES && this.#known.size < MAX_REMEMBERED) this.#known.set(key, answer);
  }

  /** Closes the processes and clears the caches. */
  close(): void {
    this.#headers.close();
    this.#contents.close();
    this.#known.clear();
    this.#large.clear();
  }
}

/** `<id> <type> <size>`, or `<id> missing`. */
async function readHeader(answers: ByteReader, id: string): Promise<ObjectHeader | null> {
  const [name, type = '', size] = ((await answers.line()) ?? '').split(' ');
  if (name !== id) throw new SlipwayError('internal', `git did not answer about ${id}`);
  return size === undefined ? null : { type, size: Number(size) };
}
