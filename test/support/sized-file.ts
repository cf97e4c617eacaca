import type { SizedFile } from '../../src/git/contract.js';

interface Held {
  readonly blob: string;
  readonly content: Buffer;
}

/** A file as a tree gives it, asked for at most that many bytes. */
export const sizedFile = ({ blob, content }: Held, most: number): SizedFile => ({
  blob,
  size: content.length,
  content: content.length > most ? null : content,
});
