import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { SlipwayError } from '../../errors.js';
import type { ByteReader } from './byte-reader.js';
import type { Crowd } from './crowd.js';
import { KeptGit } from './kept-git.js';

export interface ObjectHeader {
  readonly type: string;
  readonly size: number;
}

/** Questions at most in one go: their answers come one by one, and a process of its own is quicker for more. */
export const mostAtOnce = 1000;

/** From one push to the next of a busy day. */
const idle = 60_000;
/** Answers of git commands, and how many bytes each may have, that are remembered while a burst lasts. */
const remembered = 200;
export const largestKept = 16 * 1024;
/** Bytes of an unwanted content that are read over: for more a new process is cheaper. */
const mostSkipped = 1024 * 1024;
/** Sizes of objects that were too large: git need not be stopped for them again. */
const rememberedLarge = 1000;

export interface SizedContent {
  /** In bytes. */
  readonly size: number;
  /** Null where that is more than was asked for. */
  readonly content: Buffer | null;
}

const sized = (content: Buffer, most: number): SizedContent => ({
  size: content.length,
  content: content.length > most ? null : content,
});

export interface ObjectsOptions {
  readonly start: (args: readonly string[]) => ChildProcessWithoutNullStreams;
  readonly patience: number;
  readonly crowd: Crowd;
}

/**
 * A mirror's objects from processes that are kept while they are asked for. Objects never change, so what was read is remembered for that
 * long. Null in place of an answer: it cannot be had in this way, and is to be asked of git itself, which says why.
 */
export class Objects {
  readonly #headers: KeptGit;
  readonly #contents: KeptGit;
  readonly #known = new Map<string, Buffer>();
  readonly #large = new Map<string, number>();

  constructor({ start, patience, crowd }: ObjectsOptions) {
    const kept = (option: string) =>
      new KeptGit({
        start: () => start(['cat-file', option]),
        idle,
        patience,
        crowd,
        onEnd: () => this.#known.clear(),
      });
    this.#headers = kept('--batch-check');
    this.#contents = kept('--batch');
  }

  /** In the order given; null for each that the mirror does not have. */
  async headers(ids: readonly string[]): Promise<readonly (ObjectHeader | null)[] | null> {
    if (ids.length > mostAtOnce) return null;
    return this.#headers.ask(`${ids.join('\n')}\n`, async (answers) => {
      const found: (ObjectHeader | null)[] = [];
      for (const id of ids) found.push(await readHeader(answers, id));
      return found;
    });
  }

  /** Full id of each abbreviated one; null for each that stands for none or for several. */
  async resolve(abbreviated: readonly string[]): Promise<readonly (string | null)[] | null> {
    if (abbreviated.length > mostAtOnce) return null;
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
   * Of one object of that type, where it has at most so many bytes. Git says how many it has before it sends any, and is stopped before it
   * sends more than that. Objects of another type are as good as missing.
   */
  async content(id: string, type: string, most: number): Promise<SizedContent | null> {
    const known = this.recall(`${type} ${id}`);
    if (known !== null) return sized(known, most);
    const large = this.#tooLarge(id, most);
    if (large !== null) return large;
    const answer = await this.#contents.ask(`${id}\n`, (answers) => this.#readContent(answers, id, type, most));
    // A process that was stopped for it left its size behind.
    return answer ?? this.#tooLarge(id, most);
  }

  async #readContent(answers: ByteReader, id: string, type: string, most: number): Promise<SizedContent | null> {
    const header = await readHeader(answers, id);
    if (header === null) return null;
    const { size } = header;
    const isWanted = header.type === type && size <= most;
    if (header.type === type && !isWanted) this.#noteLarge(id, size);
    if (!isWanted && size > mostSkipped) throw new SlipwayError('internal', `${id} is too large to be read over`);
    const chunks: Buffer[] = [];
    for await (const chunk of answers.take(size)) if (isWanted) chunks.push(chunk);
    if (!answers.complete || (await answers.line()) !== '')
      throw new SlipwayError('internal', `git stopped in the middle of ${id}`);
    if (!isWanted) return header.type === type ? { size, content: null } : null;
    const content = Buffer.concat(chunks);
    this.keep(`${type} ${id}`, content);
    return { size, content };
  }

  #tooLarge(id: string, most: number): SizedContent | null {
    const size = this.#large.get(id);
    return size === undefined || size <= most ? null : { size, content: null };
  }

  #noteLarge(id: string, size: number): void {
    this.#large.set(id, size);
    const [oldest] = this.#large.keys();
    if (this.#large.size > rememberedLarge && oldest !== undefined) this.#large.delete(oldest);
  }

  /** An answer that is the same as long as there is one; null where none is kept. */
  recall(key: string): Buffer | null {
    return this.#known.get(key) ?? null;
  }

  keep(key: string, answer: Buffer): void {
    if (answer.length <= largestKept && this.#known.size < remembered) this.#known.set(key, answer);
  }

  /** Lets the processes go, and forgets. */
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
