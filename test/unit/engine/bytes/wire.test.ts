import { readFields, writeMessage } from '../../../../src/engine/bytes/wire.js';

describe('protobuf on the wire', () => {
  test('what is written is read back, field by field', () => {
    const message = writeMessage([
      [1, 300],
      [2, 'grüße'],
      [2, Buffer.from([0, 255])],
      [16, 0],
      [3, 2 ** 40],
    ]);
    expect([...readFields(message)]).toEqual([
      { number: 1, kind: 'scalar', value: 300 },
      { number: 2, kind: 'bytes', value: Buffer.from('grüße') },
      { number: 2, kind: 'bytes', value: Buffer.from([0, 255]) },
      { number: 16, kind: 'scalar', value: 0 },
      { number: 3, kind: 'scalar', value: 2 ** 40 },
    ]);
  });

  test.each([
    ['a varint of two bytes', '089601', { number: 1, kind: 'scalar', value: 150 }],
    ['a negative number', '08ffffffffffffffffff01', { number: 1, kind: 'scalar', value: -1 }],
    ['a fixed64', '090102030405060708', { number: 1, kind: 'bytes', value: Buffer.from('0102030405060708', 'hex') }],
    ['a fixed32', '0d01020304', { number: 1, kind: 'bytes', value: Buffer.from('01020304', 'hex') }],
  ])('%s is read', (_, hex, field) => {
    expect([...readFields(Buffer.from(hex, 'hex'))]).toEqual([field]);
  });

  test.each([
    ['a varint without an end', '0880'],
    ['a varint of more than 70 bits', '08ffffffffffffffffffffff01'],
    ['a length past the end', '0a05ab'],
    ['a group', '0b'],
  ])('%s is an error of the engine', (_, hex) => {
    expect(() => [...readFields(Buffer.from(hex, 'hex'))]).toThrow(expect.objectContaining({ code: 'engine-error' }));
  });
});
