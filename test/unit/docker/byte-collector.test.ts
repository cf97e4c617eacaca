import { ByteCollector } from '../../../src/docker/byte-collector.js';

describe('a byte collector', () => {
  test('puts pieces together, and begins again once they are taken', () => {
    const bytes = new ByteCollector();
    for (const piece of ['a', '', 'bcd', 'e'.repeat(1000)]) bytes.append(Buffer.from(piece));
    expect(bytes.size).toBe(1004);
    const taken = bytes.take();
    bytes.append(Buffer.from('other'));
    expect(String(taken)).toBe(`abcd${'e'.repeat(1000)}`);
    expect(String(bytes.take())).toBe('other');
    expect(bytes.size).toBe(0);
  });

  test('copies each byte a few times, however small the pieces are', () => {
    let copied = 0;
    const { copy } = Buffer.prototype;
    Buffer.prototype.copy = function (...args: Parameters<typeof copy>) {
      const count = copy.apply(this, args);
      copied += count;
      return count;
    };
    try {
      const bytes = new ByteCollector();
      for (let at = 0; at < 100_000; at += 1) bytes.append(Buffer.from('x'));
      expect(bytes.take()).toHaveLength(100_000);
    } finally {
      Buffer.prototype.copy = copy;
    }
    expect(copied).toBeLessThan(500_000);
  });
});
