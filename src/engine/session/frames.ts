import { SlipwayError } from '../../errors.js';
import { ByteCollector } from '../../docker/byte-collector.js';

/** One byte for compression, four for the length (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
const PREFIX_BYTES = 5;
/** gRPC's default limit of a message. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Removes gRPC's framing. */
export interface FrameReader {
  /**
   * The messages that these bytes complete. Fails with `engine-error` for a compressed message (we offer no compression) or one over 4 MiB.
   */
  take(bytes: Buffer): readonly Buffer[];
}

export function createFrameReader(): FrameReader {
  const collected = new ByteCollector();
  /** Length of the current message. Null while reading the prefix. */
  let length: number | null = null;
  return {
    take(bytes) {
      const messages: Buffer[] = [];
      let at = 0;
      const fill = (size: number): boolean => {
        const piece = bytes.subarray(at, at + size - collected.size);
        at += piece.length;
        collected.append(piece);
        return collected.size === size;
      };
      for (;;) {
        if (length === null) {
          if (!fill(PREFIX_BYTES)) return messages;
          length = lengthIn(collected.take());
        }
        if (!fill(length)) return messages;
        messages.push(collected.take());
        length = null;
      }
    },
  };
}

function lengthIn(prefix: Buffer): number {
  if (prefix.readUInt8(0) !== 0) throw new SlipwayError('engine-error', 'The engine sent a compressed message.');
  const length = prefix.readUInt32BE(1);
  if (length > MAX_MESSAGE_BYTES)
    throw new SlipwayError(
      'engine-error',
      `The engine announced a message of ${length} bytes, over the limit of 4 MiB.`,
    );
  return length;
}

/** Messages with gRPC's framing, in one piece. */
export function framed(messages: readonly Buffer[]): Buffer {
  const frames = Buffer.allocUnsafe(messages.reduce((sum, { length }) => sum + PREFIX_BYTES + length, 0));
  let at = 0;
  for (const message of messages) {
    frames[at] = 0;
    frames.writeUInt32BE(message.length, at + 1);
    message.copy(frames, at + PREFIX_BYTES);
    at += PREFIX_BYTES + message.length;
  }
  return frames;
}
