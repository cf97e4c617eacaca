import { dayOf, rangeText } from '../../../../src/cli/text/range-text.js';

test.each([
  [Date.UTC(2026, 0, 31, 23), '2026-01-31'],
  [99_999_999_999_999_000, '9999-12-31'],
  [Number.NaN, '1970-01-01'],
])('the day of %d is %s', (at, day) => {
  expect(dayOf(at)).toBe(day);
});

test('a range with a commit of an absurd date is shown', () => {
  const commit = { commit: 'a'.repeat(40), subject: 'later', at: 99_999_999_999_999_000, decisions: [] };
  expect(rangeText({ commits: [commit], totals: [] })).toMatch(/aaaaaaa +9999-12-31 +later/);
});
