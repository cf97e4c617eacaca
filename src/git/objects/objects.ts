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
const largest = 16 * 1024;

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

  /** Of one object of that type. For what is held in memory anyway. */
  async content(id: string, type: string): Promise<Buffer | null> {
    return this.remember(`${type} ${id}`, () =>
      this.#contents.ask(`${id}\n`, async (answers) => {
        const header = await readHeader(answers, id);
        if (header === null) return null;
        const chunks: Buffer[] = [];
        for await (const chunk of answers.take(header.size)) chunks.push(chunk);
        if (!answers.complete || (await answers.line()) !== '')
          throw new SlipwayError('internal', `git stopped in the middle of ${id}`);
        return header.type === type ? Buffer.concat(chunks) : null;
      }),
    );
  }

  /** An answer that is the same as long as there is one. */
  async remember<Answer extends Buffer | null>(key: string, ask: () => Promise<Answer>): Promise<Answer | Buffer> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const answer = await ask();
    if (answer !== null && answer.length <= largest && this.#known.size < remembered) this.#known.set(key, answer);
    return answer;
  }

  /** Lets the processes go, and forgets. */
  close(): void {
    this.#headers.close();
    this.#contents.close();
    this.#known.clear();
  }
}

/** `<id> <type> <size>`, or `<id> missing`. */
async function readHeader(answers: ByteReader, id: string): Promise<ObjectHeader | null> {
  const [name, type = '', size] = ((await answers.line()) ?? '').split(' ');
  if (name !== id) throw new SlipwayError('internal', `git did not answer about ${id}`);
  return size === undefined ? null : { type, size: Number(size) };
}
