import { createLogMask } from '../../../src/operations/log-mask.js';

const pem = '-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----';

test.each([
  ['a value', ['s3cret'], 'password=s3cret.', 'password=***.'],
  ['each time it comes', ['s3cret'], 's3crets3cret s3cret', '****** ***'],
  ['the longer of two that overlap', ['pass', 'password'], 'password pass', '*** ***'],
  ['each line of a longer one', [pem], '  abcdefgh', '  ***'],
  ['as JSON writes it', ['a"b\\c'], '{"p":"a\\"b\\\\c"}', '{"p":"***"}'],
  ['not what is shorter than four characters', ['abc', '1234'], 'abc 1234', 'abc ***'],
  ['nothing without secrets', [], 'password=s3cret', 'password=s3cret'],
])('masks %s', (_, secrets, text, shown) => {
  expect(createLogMask(secrets).take(text, false)).toBe(shown);
});

test('a secret that is split between parts of a long line shows in none of them', () => {
  for (let at = 1; at < 'password'.length; at += 1) {
    const mask = createLogMask(['password', 'other']);
    const shown = [mask.take(`x ${'password'.slice(0, at)}`, true), mask.take(`${'password'.slice(at)} y`, false)];
    expect(shown).toEqual(['x ', '*** y']);
  }
});

test('what is held back is shown when it was no secret', () => {
  const mask = createLogMask(['password']);
  expect([mask.take('x pass', true), mask.take('age y', false), mask.take('z', false)]).toEqual([
    'x ',
    'passage y',
    'z',
  ]);
});

test('a secret may be longer than a part', () => {
  const mask = createLogMask(['abcdefgh']);
  const shown = ['x ab', 'cd', 'efgh y'].map((part, at) => mask.take(part, at < 2));
  expect(shown).toEqual(['x ', '', '*** y']);
});
