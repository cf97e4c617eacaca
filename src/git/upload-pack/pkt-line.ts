/*
 * Git's pkt-line framing (gitprotocol-common(5)): four hexadecimal digits with the length of the whole packet, or one of three marks
 * without content.
 */
const marks = { flush: '0000', delimiter: '0001', end: '0002' } as const;

export type Packet = { readonly kind: 'line'; readonly payload: Buffer } | { readonly kind: keyof typeof marks };

/** Maximum bytes of a packet, including its length. */
const MAX_PACKET_BYTES = 65_520;

/** A request: lines as text, and marks. */
export function writePackets(parts: readonly (string | { readonly mark: keyof typeof marks })[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part !== 'string') return Buffer.from(marks[part.mark]);
      const line = Buffer.from(`${part}\n`);
      return Buffer.concat([Buffer.from((line.length + 4).toString(16).padStart(4, '0')), line]);
    }),
  );
}

const kindOfMark = ['flush', 'delimiter', 'end'] as const;

/** Packets as they arrive. Ends silently if the bytes stop inside a packet or are invalid; the reader will miss its end mark. */
export async function* readPackets(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Packet, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    held =
      held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([held, chunk]);
    while (held.length >= 4) {
      const length = lengthOf(held);
      if (length === null) return;
      if (length >= 4 && held.length < length) break;
      const kind = kindOfMark[length];
      yield kind === undefined ? { kind: 'line', payload: held.subarray(4, length) } : { kind };
      held = held.subarray(Math.max(4, length));
    }
  }
}

/** Null if it is invalid. 3 is reserved. */
function lengthOf(packet: Buffer): number | null {
  const digits = packet.toString('latin1', 0, 4);
  const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
  return length < 0 || length === 3 || length > MAX_PACKET_BYTES ? null : length;
}

/** A line's text without the line feed that most end with. */
export function withoutLineFeed(payload: Buffer): Buffer {
  return payload.at(-1) === 0x0a ? payload.subarray(0, -1) : payload;
}
