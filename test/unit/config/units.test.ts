import { parseDuration, parseSize } from '../../../src/config/units.js';

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1.5h', 5_400_000],
  ['7d', 604_800_000],
  ['0s', null],
  ['30', null],
  ['m', null],
  ['-5m', null],
  ['5M', null],
  ['5 minutes', null],
  ['off', null],
  ['9'.repeat(30) + 'd', null],
])('the duration %j is %j milliseconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  ['512MiB', 536_870_912],
  ['1GB', 1_000_000_000],
  ['4096B', 4096],
  ['1.5KiB', 1536],
  ['0', 0],
  ['0B', 0],
  ['512', null],
  ['512mib', null],
  ['MiB', null],
  ['1constructor', null],
])('the size %j is %j bytes', (text, expected) => {
  expect(parseSize(text)).toBe(expected);
});
