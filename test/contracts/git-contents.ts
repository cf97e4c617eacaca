import type { BlobContent } from '../../src/git/contract.js';

/** Contents of blobs as text. */
export async function texts(contents: AsyncIterable<BlobContent>): Promise<string[]> {
  const all: string[] = [];
  for await (const content of contents) {
    const chunks: Buffer[] = [];
    for await (const chunk of content.chunks) chunks.push(chunk);
    all.push(Buffer.concat(chunks).toString());
  }
  return all;
}
