import {
  daysOf,
  entryOf,
  rangeOf,
  resultOf,
  rowsOf,
  subjectOf,
  sumOf,
  total,
} from '../../../ui/src/pages/deliveries/entries.js';
import type { LedgerDelivery, LedgerEntry } from '../../../ui/src/api/types.js';

const [one, two, none] = ['1', '2', '0'].map((digit) => digit.repeat(40)) as [string, string, string];

const delivery = (over: Partial<LedgerDelivery> = {}): LedgerDelivery => ({
  ...{ id: 'd-1', event: 'push', repository: 'abc/shop', branch: 'main', before: one, after: two },
  ...{ receivedAt: '2026-11-30T14:02:00Z', status: 'planned', reason: null },
  ...over,
});
const pushed = (over: Partial<LedgerDelivery> = {}): LedgerEntry => {
  const its = delivery(over);
  return { at: its.receivedAt, by: 'ada', builds: 1, waits: 0, skips: 2, delivery: its, decision: null };
};
const found = (service: string, at: string, kind: 'sweep' | 'base-image' = 'sweep'): LedgerEntry => ({
  ...{ at, by: null, builds: 0, waits: 0, skips: 1, delivery: null },
  decision: {
    ...{ id: 1, service, branch: 'main', decision: 'skip', base: null, head: one, buildId: null, at, coveredBy: null },
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
  [{ event: 'pull_request' }, 'for main at 2222222'],
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
  [
    { event: 'pull_request', reason: 'Would rebuild nothing of 2 services.' },
    'skipped',
    'Would rebuild nothing of 2 services.',
  ],
])('what followed: %j', (over, state, words) => {
  expect(resultOf(pushed(over))).toEqual({ state, words });
});

test.each([
  [0, 0, 0, 'skipped', 'no service is concerned'],
  [0, 0, 1, 'skipped', 'nothing to build'],
  [0, 0, 3, 'skipped', '3 nothing to build'],
  [2, 0, 0, 'built', '2 builds'],
  [0, 1, 0, 'waits-for-artifact', '1 waits for an artifact'],
  [0, 2, 1, 'waits-for-artifact', '2 wait for an artifact, 1 nothing to build'],
  [1, 1, 0, 'built', '1 build, 1 waits for an artifact'],
])('%i builds, %i waits and %i skips', (builds, waits, skips, state, words) => {
  expect(sumOf({ builds, waits, skips })).toEqual({ state, words });
});

test('the page of one delivery says the same as its row in the list', () => {
  const { decision } = found('shop', '2026-11-30T14:02:00Z');
  if (decision === null) throw new Error('It has a decision.');
  const trigger = { kind: 'push', deliveryId: 'd-1', by: 'ada' } as const;
  const waits = { ...decision, trigger, reason: { ...decision.reason, code: 'waiting-for-artifact' } };
  const decisions = [waits, { ...decision, trigger }, { ...decision, trigger, decision: 'build' as const }];
  const sums = { builds: 1, waits: 1, skips: 1 };
  expect(entryOf({ ...delivery(), decisions })).toEqual({ ...pushed(), ...sums });
  expect(total([pushed(), { ...pushed(), ...sums }])).toEqual({ builds: 2, waits: 1, skips: 3 });
});
