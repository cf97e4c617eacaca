import { noHistory, type BranchHistory } from '../../../../src/operations/overview/history.js';
import { rowOf, type RowFacts } from '../../../../src/operations/overview/row.js';
import type { BranchDecision, BuildInFlight } from '../../../../src/store/contract.js';

const of = { service: 'app', branch: 'main' };
const built = { id: 'b1', status: 'succeeded', outcome: 'built', commit: 'c1', queuedAt: 10, error: null } as const;
const last = { ...built, reason: 'src/a changed.' };
const skip: BranchDecision = {
  ...{ ...of, decision: 'skip', code: 'no-included-path-changed', reason: 'Nothing counts.', head: 'c2', at: 20 },
};
const open: BuildInFlight = {
  ...{ ...of, id: 'b2', status: 'queued', commit: 'c2', reason: 'src/b changed.', queuedAt: 30, startedAt: null },
  ...{ attempt: 0, notBefore: 0, waitedOut: null, step: null },
};
const running: BuildInFlight = { ...open, id: 'b3', status: 'running', startedAt: 40, step: 'push' };

const row = (history: Partial<BranchHistory>, facts: Partial<RowFacts> = {}) =>
  rowOf({
    ...{ name: 'app', repository: 'abc/app', branch: 'main', inFlight: [], waiting: new Map(), drift: false },
    history: { ...noHistory, ...history },
    ...facts,
  });
const failedAt = (step: string | null) =>
  ({ ...last, status: 'failed', error: { message: 'exit 1\nmore', step } }) as const;

describe('the state of a row', () => {
  test.each<[string, Partial<BranchHistory>, string, string, string | null]>([
    ['nothing was built', {}, 'none', 'Nothing has been built yet.', null],
    ['built', { last }, 'built', 'src/a changed.', 'b1'],
    ['reused', { last: { ...last, outcome: 'reused' } }, 'reused', 'src/a changed.', 'b1'],
    ['failed at a step', { last: failedAt('RUN make') }, 'failed', 'Failed at RUN make: exit 1', 'b1'],
    ['failed before any step', { last: failedAt(null) }, 'failed', 'exit 1', 'b1'],
    ['failed without an error', { last: { ...last, status: 'failed' } }, 'failed', 'The last build failed.', 'b1'],
    ['canceled', { last: { ...last, status: 'canceled' } }, 'canceled', 'The last build was canceled.', 'b1'],
    ['overtaken', { last: { ...last, status: 'superseded' } }, 'superseded', 'The last build was overtaken.', 'b1'],
    ['nothing to build', { last, decision: skip }, 'skipped', 'Nothing counts.', null],
    ['nothing was ever to build', { decision: skip }, 'skipped', 'Nothing counts.', null],
    ['a skip before the build', { last, decision: { ...skip, at: 9 } }, 'built', 'src/a changed.', 'b1'],
    ['a decision to build', { last, decision: { ...skip, decision: 'build' } }, 'built', 'src/a changed.', 'b1'],
    [
      'waiting for its artifact',
      { last, decision: { ...skip, code: 'waiting-for-artifact', reason: 'It comes.' } },
      'waits-for-artifact',
      'It comes.',
      null,
    ],
    ['failed stays failed', { last: failedAt(null), decision: skip }, 'failed', 'exit 1', 'b1'],
  ])('%s', (_, history, state, sentence, buildId) => {
    expect(row(history)).toMatchObject({ state, sentence, buildId, step: null, startedAt: null });
  });

  test('of a running build comes before that of a queued one, with its step', () => {
    expect(row({ last }, { inFlight: [running, open] })).toMatchObject({
      ...{ state: 'running', sentence: 'src/b changed.', buildId: 'b3', step: 'push', startedAt: 40, at: 40 },
    });
  });

  test('of queued builds is that of the newest, and says why it waits', () => {
    const inFlight = [{ ...open, id: 'old' }, open];
    expect(row({ last: failedAt(null) }, { inFlight })).toMatchObject({ state: 'queued', sentence: 'src/b changed.' });
    const waiting = new Map([['b2', { message: 'Two builds run already.' }]]);
    expect(row({}, { inFlight, waiting })).toMatchObject({ buildId: 'b2', sentence: 'Two builds run already.' });
  });
});

test('the time is that of the newest thing that happened', () => {
  expect(row({}).at).toBeNull();
  expect(row({ last, at: 15 }).at).toBe(15);
  expect(row({ last, at: 15, decision: skip }).at).toBe(20);
  expect(row({ at: 35, decision: skip }, { inFlight: [open] }).at).toBe(35);
});

test('the image is that of the newest head, which another decision may have left behind', () => {
  const image = { ...of, commit: 'c1', digest: 'sha256:1', tags: ['1.0-1', 'main'] };
  expect(row({ image, decision: skip })).toMatchObject({ head: 'c2', commit: 'c1', tag: '1.0-1', digest: 'sha256:1' });
  expect(row({ image: { ...image, tags: [] } }).tag).toBeNull();
  expect(row({})).toMatchObject({ head: null, commit: null, tag: null, digest: null });
});

test('a long sentence ends with a mark, and never within a character', () => {
  const sentence = (reason: string) => row({ last: { ...last, reason } }).sentence;
  expect(sentence('x'.repeat(200))).toBe('x'.repeat(200));
  expect(sentence('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
  expect(sentence(`${'x'.repeat(198)}😀😀`)).toBe(`${'x'.repeat(198)}…`);
});
