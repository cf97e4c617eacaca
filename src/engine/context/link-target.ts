import { SlipwayError } from '../../errors.js';
import { decodeName } from '../../name-bytes.js';
import type { ContextEntry } from '../contract.js';

/** Bytes of a link's target: Linux's PATH_MAX. No checkout has a longer one. */
const MAX_TARGET_BYTES = 4096;

/** Reads the target of a link in a context. Fails with `repository-too-large` if it is too long. */
export async function readTarget({ path, size }: ContextEntry, chunks: AsyncIterable<Buffer>): Promise<string> {
  if (size > MAX_TARGET_BYTES) throw tooLong(path, size);
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return decodeName(Buffer.concat(parts));
}

function tooLong(path: string, size: number): SlipwayError {
  const [has, limit] = [size, MAX_TARGET_BYTES].map((number) => number.toLocaleString('en-US'));
  const message = `The symbolic link ${path} has a target of ${has} bytes; the limit is ${limit}.`;
  return new SlipwayError('repository-too-large', message);
}
