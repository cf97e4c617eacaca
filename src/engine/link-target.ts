import { SlipwayError } from '../errors.js';
import type { ContextEntry } from './contract.js';

/** Bytes: PATH_MAX of Linux. No file system takes a longer one, so no checkout has it. */
const longest = 4096;

/** Where a link of a context leads. Fails with `repository-too-large` where that is longer than a link can be. */
export async function readTarget({ path, size }: ContextEntry, chunks: AsyncIterable<Buffer>): Promise<string> {
  if (size > longest) throw tooLong(path, size);
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

function tooLong(path: string, size: number): SlipwayError {
  const [has, limit] = [size, longest].map((number) => number.toLocaleString('en-US'));
  const message = `The symbolic link ${path} has a target of ${has} bytes; the limit is ${limit}.`;
  return new SlipwayError('repository-too-large', message);
}
