import { createMask } from '../../src/mask.js';

const pem = '-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----';

test.each([
  ['a value', ['s3cret'], 'password=s3cret.', 'password=***.'],
  ['each time it comes', ['s3cret'], 's3crets3cret s3cret', '****** ***'],
  ['the longer of two that overlap', ['pass', 'password'], 'password pass', '*** ***'],
  ['each line of a longer one', [pem], '  abcdefgh', '  ***'],
  ['as JSON writes it', ['a"b\\c'], '{"p":"a\\"b\\\\c"}', '{"p":"***"}'],
  ['not what is shorter than asked for', ['abc', '1234'], 'abc 1234', 'abc ***'],
  ['nothing without secrets', [], 'password=s3cret', 'password=s3cret'],
])('masks %s', (_, secrets, text, shown) => {
  expect(createMask(secrets, 4)(text)).toBe(shown);
});
