import { anyText } from '../support/any-text.js';
import fc from 'fast-check';
import { NameList } from '../../src/git/output/name-list.js';
import { decodeName, encodeName } from '../../src/name-bytes.js';

const splitNames = (output: Buffer): readonly string[] => {
  const list = new NameList('Here');
  list.take(output);
  return list.names;
};

describe('a name', () => {
  test('of any bytes is given back as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        expect(encodeName(decodeName(Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('in UTF-8 is simply decoded', () => {
    fc.assert(fc.property(anyText(), (name) => expect(decodeName(Buffer.from(name))).toBe(name)));
  });

  test.each([
    [[0x61, 0xff], 'a\udcff'],
    [[0xc3, 0x28], '\udcc3('],
    [[0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    [[0xe2, 0x82], '\udce2\udc82'],
  ])('of bytes %j keeps those that are not UTF-8 apart', (bytes, expected) => {
    expect(decodeName(Buffer.from(bytes))).toBe(expected);
  });

  test.each([
    ['', []],
    ['a\0b\0', ['a', 'b']],
    ['\0', ['']],
  ])('ends with a NUL in a list: %j', (output, names) => {
    expect(splitNames(Buffer.from(output))).toEqual(names);
  });

  test('is separated from its neighbours even if one is not UTF-8', () => {
    expect(splitNames(Buffer.from([0x61, 0, 0xff, 0, 0x62, 0]))).toEqual(['a', '\udcff', 'b']);
  });
});
