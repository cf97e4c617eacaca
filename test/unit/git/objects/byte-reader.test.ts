import { Readable } from 'node:stream';
import { ByteReader } from '../../../../src/git/objects/byte-reader.js';

async function read(bytes: Buffer, chunkSize: number): Promise<readonly (string | null)[]> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) chunks.push(bytes.subarray(at, at + chunkSize));
  const reader = new ByteReader(Readable.from(chunks));
  const parts: Buffer[] = [];
  const first = await reader.line();
  for await (const part of reader.take(7)) parts.push(part);
  return [first, Buffer.concat(parts).toString(), await reader.line(), await reader.line(), await reader.line()];
}

test('lines and counted bytes are the same whatever pieces they come in', async () => {
  const bytes = Buffer.from('a line\nc\nntent\nlast\n\ncut off');
  for (let size = 1; size <= bytes.length; size += 1)
    expect(await read(bytes, size)).toEqual(['a line', 'c\nntent', '', 'last', '']);
});

test('a line that does not end is not given', async () => {
  const reader = new ByteReader(Readable.from([Buffer.from('cut '), Buffer.from('off')]));
  expect(await reader.line()).toBeNull();
  expect(await reader.line()).toBeNull();
});

test('a line that is longer than any answer is given up before all of it has come', async () => {
  let pieces = 0;
  const endless = function* () {
    for (;;) {
      pieces += 1;
      yield Buffer.alloc(1000, 'x');
    }
  };
  expect(await new ByteReader(Readable.from(endless())).line()).toBeNull();
  expect(pieces).toBeLessThan(100);
});
