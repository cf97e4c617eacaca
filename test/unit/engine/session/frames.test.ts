import { createFrameReader, framed } from '../../../../src/engine/session/frames.js';
import { message } from '../../../support/http2-frames.js';

const megabyte = 1024 * 1024;

describe("gRPC's framing", () => {
  const messages = ['one', '', 'x'.repeat(100_000), 'two'].map((text) => Buffer.from(text));
  const bytes = framed(messages);

  test.each([1, 2, 3, 5, 7, 1000, 99_999, bytes.length])('is taken off pieces of %d bytes', (size) => {
    const reader = createFrameReader();
    const found: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) found.push(...reader.take(bytes.subarray(at, at + size)));
    expect(found.map(String)).toEqual(messages.map(String));
  });

  test('gives a message as soon as it is there, and none before', () => {
    const reader = createFrameReader();
    expect(reader.take(message(Buffer.from('ab')).subarray(0, 6))).toEqual([]);
    expect(reader.take(Buffer.from('b'))).toEqual([Buffer.from('ab')]);
    expect(reader.take(message(Buffer.alloc(0)))).toEqual([Buffer.alloc(0)]);
  });

  test('takes messages of 4 MiB, and refuses a larger one by its prefix', () => {
    const largest = Buffer.alloc(4 * megabyte);
    expect(createFrameReader().take(message(largest))[0]?.equals(largest)).toBe(true);
    const announced = message(Buffer.alloc(0), 4 * megabyte + 1);
    expect(() => createFrameReader().take(announced)).toThrow(expect.objectContaining({ code: 'engine-error' }));
  });

  test('refuses what is compressed', () => {
    const compressed = message(Buffer.alloc(0), 0, 1);
    expect(() => createFrameReader().take(compressed)).toThrow(expect.objectContaining({ code: 'engine-error' }));
  });
});
