import { matcher, sorted, wantsAttention } from '../../../ui/src/pages/services/filter.js';
import type { OverviewRow } from '../../../ui/src/api/types.js';

const row = (name: string, overrides: Partial<OverviewRow> = {}): OverviewRow => ({
  name,
  repository: `abc/${name}`,
  branch: 'main',
  head: null,
  commit: null,
  tag: null,
  digest: null,
  state: 'built',
  at: null,
  sentence: '',
  buildId: null,
  step: null,
  startedAt: null,
  expectedMs: null,
  outcomes: '',
  drift: false,
  ...overrides,
});
const names = (rows: readonly OverviewRow[]) => rows.map(({ name }) => name);

test('what wants attention comes first, the rest by name', () => {
  const rows = [
    row('d'),
    row('c', { drift: true }),
    row('b', { state: 'running' }),
    row('e', { state: 'failed' }),
    row('a', { state: 'skipped' }),
    row('f', { state: 'waits-for-artifact' }),
  ];
  expect(names(sorted(rows, 'attention'))).toEqual(['e', 'b', 'f', 'c', 'a', 'd']);
  expect(rows.filter(wantsAttention)).toHaveLength(4);
  expect(names(sorted(rows, 'name'))).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('the newest first; what never happened last', () => {
  const rows = [row('a'), row('b', { at: '2026-01-01T00:00:00.000Z' }), row('c', { at: '2026-01-02T00:00:00.000Z' })];
  expect(names(sorted(rows, 'time'))).toEqual(['c', 'b', 'a']);
});

test('a filter: all words, in name, repository, tag or branch, and states', () => {
  const rows = [
    row('cart', { tag: '1.0.1-22-7e56158', state: 'failed' }),
    row('orders', { repository: 'xyz/cart' }),
    row('shop'),
  ];
  const found = (text: string) => names(rows.filter(matcher(text)));
  expect(found('')).toEqual(['cart', 'orders', 'shop']);
  expect(found('CART')).toEqual(['cart', 'orders']);
  expect(found('cart xyz')).toEqual(['orders']);
  expect(found('7e56')).toEqual(['cart']);
  expect(found('state:failing')).toEqual(['cart']);
  expect(found('state:failing shop')).toEqual([]);
  expect(found('state:ok')).toEqual(['orders', 'shop']);
});
