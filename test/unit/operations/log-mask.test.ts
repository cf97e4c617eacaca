import { createLogMask } from '../../../src/operations/log-mask.js';

test('masks secrets of at least four characters', () => {
  expect(createLogMask(['abc', '1234']).take('abc 1234', false)).toBe('abc ***');
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
