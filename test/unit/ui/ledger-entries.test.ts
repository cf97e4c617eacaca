import { daysOf, rangeOf, resultOf, rowsOf, subjectOf, sumOf } from '../../../ui/src/pages/deliveries/entries.js';
import type { LedgerDelivery, LedgerEntry } from '../../../ui/src/api/types.js';

const [one, two, none] = ['1', '2', '0'].map((digit) => digit.repeat(40)) as [string, string, string];

const delivery = (over: Partial<LedgerDelivery> = {}): LedgerDelivery => ({
  ...{ id: 'd-1', event: 'push', repository: 'abc/shop', branch: 'main', before: one, after: two },
  ...{ receivedAt: '2026-11-30T14:02:00Z', status: 'planned', reason: null },
  ...over,
});
const pushed = (over: Partial<LedgerDelivery> = {}): LedgerEntry => {
  const its = delivery(over);
  return { at: its.receivedAt, by: 'ada', builds: 1, skips: 2, delivery: its, decision: null };
};
const found = (service: string, at: string, kind: 'sweep' | 'base-image' = 'sweep'): LedgerEntry => ({
  ...{ at, by: null, builds: 0, skips: 1, delivery: null },
  decision: {
    ...{ service, branch: 'main', decision: 'skip', base: null, head: one, buildId: null, at, coveredBy: null },
    reason: { code: 'no-change', message: 'Nothing.', paths: [], patterns: [] },
    trigger: { kind, deliveryId: null, by: null },
  },
});

test('decisions that were made at once for the same cause are one row', () => {
  const [early, late] = ['2026-11-30T14:00:00.000Z', '2026-11-30T14:01:00.000Z'];
  const rows = rowsOf([
    found('a', late),
    found('b', late),
    found('c', late, 'base-image'),
    pushed(),
    found('d', early),
    found('e', early),
  ]);
  expect(rows.map((row) => (row.kind === 'look' ? subjectOf(row.entries) : row.key))).toEqual([
    '2 services',
    'c main 1111111',
    'd-1',
    '2 services',
  ]);
  expect(daysOf(rows, (at) => at.slice(0, 16)).map(([day, its]) => [day, its.length])).toEqual([
    ['2026-11-30T14:01', 2],
    ['2026-11-30T14:02', 1],
    ['2026-11-30T14:00', 1],
  ]);
});

test.each<[Partial<LedgerDelivery>, string]>([
  [{}, 'main 1111111..2222222'],
  [{ before: null }, 'main 2222222'],
  [{ before: none }, 'new branch main at 2222222'],
  [{ before: none, branch: 'refs/tags/v1' }, 'new tag v1 at 2222222'],
  [{ after: none }, 'branch main deleted'],
  [{ after: null }, 'main'],
  [{ event: 'look', branch: null, after: null }, 'every branch'],
])('what a delivery is about: %j', (over, words) => {
  expect(rangeOf(delivery(over))).toBe(words);
});

test.each<[Partial<LedgerDelivery>, string, string]>([
  [{}, 'built', '1 build, 2 nothing to build'],
  [{ status: 'accepted' }, 'queued', 'waits to be looked at'],
  [
    { status: 'accepted', waitingFor: { code: 'git-unavailable', message: 'The git host is away.', until: null } },
    'queued',
    'waits: The git host is away.',
  ],
  [{ status: 'ignored', reason: 'branch-deleted' }, 'ignored', 'ignored: a branch was deleted'],
  [{ status: 'ignored', reason: 'of-a-newer-server' }, 'ignored', 'ignored: of-a-newer-server'],
  [{ status: 'failed', reason: 'No access.' }, 'failed', 'failed: No access.'],
])('what followed: %j', (over, state, words) => {
  expect(resultOf(pushed(over))).toEqual({ state, words });
});

test.each([
  [0, 0, 'skipped', 'no service is concerned'],
  [0, 1, 'skipped', 'nothing to build'],
  [0, 3, 'skipped', '3 nothing to build'],
  [2, 0, 'built', '2 builds'],
])('%i builds and %i skips', (builds, skips, state, words) => {
  expect(sumOf(builds, skips)).toEqual({ state, words });
});
