import { keyPressed, type KeyMap } from '../../../ui/src/shell/key-maps.js';

const named = (words: string) => ({ words, act: () => undefined });
const shell: KeyMap = { 'g s': named('services'), 'g g': named('start'), '?': named('help'), c: named('compare') };
const page: KeyMap = { c: named('cancel') };
const pressed = (key: string, pending: string | null = null) => {
  const { found, next } = keyPressed([shell, page], pending, key);
  return [found?.words ?? null, next];
};

test('a key does what the newest map says', () => {
  expect(pressed('c')).toEqual(['cancel', null]);
  expect(pressed('?')).toEqual(['help', null]);
  expect(pressed('x')).toEqual([null, null]);
});

test('the first key of two waits for the second', () => {
  expect(pressed('g')).toEqual([null, 'g']);
  expect(pressed('s', 'g')).toEqual(['services', null]);
  expect(pressed('g', 'g')).toEqual(['start', null]);
});

test('a key that does not go with the first one does nothing, whatever it does alone', () => {
  expect(pressed('c', 'g')).toEqual([null, null]);
  expect(pressed('?', 'g')).toEqual([null, null]);
});

test('names that every object has are no keys', () => {
  expect(pressed('constructor')).toEqual([null, null]);
});
