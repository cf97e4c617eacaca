/** HTTP/2 by hand (RFC 9113, RFC 7541), for what no client library would send. */

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const frameTypes = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
export const flags = { none: 0, endStream: 1, endHeaders: 4 } as const;

export function frame(type: number, flag: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flag, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export const settings = (...pairs: readonly (readonly [id: number, value: number])[]): Buffer => {
  const payload = Buffer.alloc(6 * pairs.length);
  pairs.forEach(([id, value], at) => payload.writeUInt32BE(value, payload.writeUInt16BE(id, 6 * at)));
  return frame(frameTypes.settings, flags.none, 0, payload);
};

/** A literal field that is not put into the table. Texts of at most 126 bytes. */
export const field = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]);

/** The header block of a gRPC call. */
export const callBlock = (path: string): Buffer =>
  Buffer.concat(
    [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':authority', 'engine'],
      [':path', path],
      ['content-type', 'application/grpc'],
    ].map(([name = '', value = '']) => field(name, value)),
  );

export const call = (stream: number, path: string): Buffer =>
  frame(frameTypes.headers, flags.endHeaders, stream, callBlock(path));

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export const reset = (stream: number, code = 8): Buffer => frame(frameTypes.reset, flags.none, stream, number(code));
export const goaway = (code: number): Buffer =>
  frame(frameTypes.goaway, flags.none, 0, Buffer.concat([number(0), number(code)]));
export const data = (stream: number, payload: Buffer, flag: number = flags.none): Buffer =>
  frame(frameTypes.data, flag, stream, payload);
export const windowUpdate = (stream: number, by: number): Buffer =>
  frame(frameTypes.windowUpdate, flags.none, stream, number(by));

/** A message with gRPC's prefix; the length may be a lie. */
export const message = (body: Buffer, length = body.length, compressed = 0): Buffer =>
  Buffer.concat([Buffer.from([compressed]), number(length), body]);
