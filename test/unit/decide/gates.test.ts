import { closedGate, closedGates, repairNow, type GateFacts } from '../../../src/decide/gates.js';
import type { DeploymentKind } from '../../../src/model/deployment.js';
import type { Repair, Window } from '../../../src/model/environment.js';

// A Wednesday in UTC.
const NOW = Date.parse('2026-11-25T12:00Z');
const DAY = 86_400_000;
const window = (from: number, to: number): Window => ({ days: ['wed'], from: from * 60, to: to * 60, zone: 'UTC' });
const [open, closed] = [window(11, 13), window(20, 23)];
const hold = { environment: 'production', by: 'ops', reason: 'the year ends', until: null };
const by = (name: string, at = NOW) => ({ by: name, at });

interface Given {
  readonly window?: Window;
  readonly needed?: number;
  readonly over?: Partial<GateFacts>;
}
const facts = ({ window: its, needed = 0, over = {} }: Given): GateFacts => ({
  environment: { name: 'production', window: its === undefined ? [] : [its], approvals: needed },
  ...{ hold: null, approvals: [], requester: 'jenkins', kind: 'deployment', now: NOW },
  ...over,
});

test.each<[string, Given, string | null]>([
  ['nothing closes it', {}, null],
  ['an open window', { window: open }, null],
  ['a closed window', { window: closed }, 'window'],
  ['a hold', { over: { hold } }, 'hold'],
  ['a hold that has ended', { over: { hold: { ...hold, until: NOW } } }, null],
  ['a hold that ends', { over: { hold: { ...hold, until: NOW + 1 } } }, 'hold'],
  ['no approval', { needed: 1 }, 'approval'],
  ['an approval', { needed: 1, over: { approvals: [by('ops')] } }, null],
  ['one of two', { needed: 2, over: { approvals: [by('ops')] } }, 'approval'],
  ['the same token twice', { needed: 2, over: { approvals: [by('ops', NOW - 5), by('ops')] } }, 'approval'],
  ['two of two', { needed: 2, over: { approvals: [by('ops'), by('me')] } }, null],
  ["the requester's own", { needed: 1, over: { approvals: [by('jenkins')] } }, 'approval'],
  ['one that has lapsed', { needed: 1, over: { approvals: [by('ops', NOW - 7 * DAY)] } }, 'approval'],
  ['one that is about to', { needed: 1, over: { approvals: [by('ops', NOW - 7 * DAY + 1)] } }, null],
])('%s', (_, given, code) => expect(closedGate(facts(given))?.code ?? null).toBe(code));

test('all are listed, a hold first and the window last, each with what it says', () => {
  const until = NOW + 5;
  expect(closedGates(facts({ window: closed, needed: 2, over: { hold: { ...hold, until } } }))).toEqual([
    { code: 'hold', message: 'ops holds production: the year ends', until },
    { code: 'approval', message: '0 of 2 approvals by other tokens than jenkins.', until: null },
    { code: 'window', message: 'The window of production is closed.', until: Date.parse('2026-11-25T20:00Z') },
  ]);
});

test.each<DeploymentKind>(['rollback', 'repair', 'restart', 'stop', 'start', 'adopt'])('%s has no gate', (kind) => {
  expect(closedGates(facts({ window: closed, needed: 2, over: { hold, kind } }))).toEqual([]);
});

test.each<[Repair, string, Window, typeof hold | null, Repair]>([
  ['off', 'stays', open, null, 'off'],
  ['missing', 'needs no window', closed, null, 'missing'],
  ['missing', 'rests under a hold', open, hold, 'off'],
  ['all', 'works in the window', open, null, 'all'],
  ['all', 'undoes nothing outside of it', closed, null, 'missing'],
  ['all', 'rests under a hold', open, hold, 'off'],
])('repair: %s %s', (repair, _, its, held, expected) => {
  expect(repairNow({ repair, window: [its] }, held, NOW)).toBe(expected);
});
test('a hold that has ended lets repairs go on', () => {
  expect(repairNow({ repair: 'all', window: [] }, { ...hold, until: NOW }, NOW)).toBe('all');
});
