import type { Build } from '../../../ui/src/api/types.js';
import { addressOf, endOf, ended, filterOf, inLine } from '../../../ui/src/pages/builds/filter.js';

const build = (given: object): Build => ({ reason: { message: 'src/a matches **.' }, ...given }) as unknown as Build;

test('an address is a filter, and a filter an address', () => {
  const query = { service: 'shop', branch: 'release/1.0', commit: 'ABCD12', status: 'failed' };
  const filter = filterOf(query);
  expect(filter).toEqual({ ...query, commit: 'abcd12' });
  expect(addressOf(filter)).toBe('/builds?service=shop&branch=release%2F1.0&commit=abcd12&status=failed');
  expect(addressOf({})).toBe('/builds');
});

test('what the API would refuse is left out', () => {
  expect(filterOf({ service: '', commit: 'abc', status: 'lost', other: 'x' })).toEqual({});
  expect(filterOf({ commit: 'no commit' })).toEqual({});
});

test('waiting builds stand in the order in which they begin', () => {
  const line = inLine([
    build({ id: 'c', position: null }),
    build({ id: 'b', position: 2 }),
    build({ id: 'a', position: 1 }),
  ]);
  expect(line.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('history has what is over', () => {
  expect(ended([build({ id: 'a', finishedAt: null }), build({ id: 'b', finishedAt: '2026-01-01' })])).toHaveLength(1);
});

test.each([
  [{ status: 'failed', error: { step: '[3/7] RUN npm ci', message: 'exit code 1' } }, '[3/7] RUN npm ci: exit code 1'],
  [{ status: 'failed', error: { step: null, message: 'The git host is away.' } }, 'The git host is away.'],
  [{ status: 'failed', error: null }, 'Failed.'],
  [{ status: 'canceled' }, 'Canceled. src/a matches **.'],
  [{ status: 'superseded' }, 'The branch has moved on.'],
  [{ status: 'succeeded', outcome: 'built', image: {} }, 'src/a matches **.'],
  [{ status: 'succeeded', outcome: 'reused', image: {} }, 'An image of the same inputs was there.'],
])('the end of %j is said in a line', (given, expected) => {
  expect(endOf(build(given))).toBe(expected);
});
