import { isUtf8 } from 'node:buffer';
import { grouped } from '../../grouped.js';
import { SlipwayError } from '../../errors.js';
import type { SizedFile } from '../../git/contract.js';

/** Bytes of a Dockerfile. */
export const MAX_DOCKERFILE_BYTES = 1024 * 1024;
/**
 * Bytes of a central folder, which holds a Dockerfile and scripts and is held in memory. Larger files belong in the context or behind ADD.
 */
export const MAX_CENTRAL_BYTES = 64 * 1024 * 1024;
/** Bytes of a link's target: Linux's PATH_MAX. A longer one leads nowhere on any checkout. */
export const MAX_TARGET_BYTES = 4096;

/** Represents a file that is too large to read. It differs if the file differs. */
export type LargeFile = Pick<SizedFile, 'blob' | 'size'>;

/** A file's text with the bytes that it was decoded from, or why it was not read. */
export type ReadText =
  | { readonly text: string; readonly bytes: Buffer; readonly fault: null }
  | { readonly text: null; readonly fault: SlipwayError; readonly large: LargeFile };

/** A text that differs if any byte differs: decoding makes all bytes that are not UTF-8 equal. */
export const exactText = (bytes: Buffer): string =>
  isUtf8(bytes) ? bytes.toString() : `bytes:${bytes.toString('base64')}`;

/** `path` helps people find the file. */
export function readText(what: string, path: string, { blob, size, content }: SizedFile, limit: number): ReadText {
  if (content !== null && size <= limit) return { text: content.toString(), bytes: content, fault: null };
  const message = `The ${what} ${path} has ${grouped(size)} bytes; the limit is ${grouped(limit)}.`;
  return { text: null, fault: new SlipwayError('dockerfile-invalid', message), large: { blob, size } };
}
