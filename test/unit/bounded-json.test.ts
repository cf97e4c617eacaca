import { parseBounded } from '../../src/bounded-json.js';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('the JSON of a neighbour', () => {
  test('is parsed', () => {
    expect(parseBounded(bytes('{"a":[1,"ä",null]}'))).toEqual({ a: [1, 'ä', null] });
    expect(parseBounded(bytes('{"a"'))).toBeUndefined();
  });

  test.each([['[]'], ['{}'], ['1'], ['""'], ['[[[]]]']])('is parsed up to 100,000 values: %s', (value) => {
    const list = (count: number): Buffer => bytes(`[${Array.from({ length: count }, () => value).join()}]`);
    const marks = 1 + value.replace(/[^[{]/g, '').length;
    expect(parseBounded(list(Math.floor(100_000 / marks)))).toHaveLength(Math.floor(100_000 / marks));
    expect(parseBounded(list(110_000))).toBeUndefined();
  });

  test('may have long texts', () => {
    expect(parseBounded(bytes(JSON.stringify('x'.repeat(1_000_000))))).toHaveLength(1_000_000);
  });
});
