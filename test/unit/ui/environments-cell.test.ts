import { balancerWords } from '../../../ui/src/environments/balancer.js';
import {
  between,
  cellsOf,
  driftSentence,
  failureOf,
  marksOf,
  placeOf,
  rowMatcher,
} from '../../../ui/src/environments/cell.js';
import { releaseName } from '../../../ui/src/environments/tag.js';
import { imageCommit, releaseWords, shortTag } from '../../../ui/src/parts/release.js';
import type { MatrixCell, MatrixRow } from '../../../ui/src/environments/types.js';

type Host = MatrixCell['hosts'][number];
type Desired = NonNullable<MatrixCell['desired']>;

const host = (name: string, changes: Partial<Host> = {}): Host => ({
  ...{ host: name, state: 'running', release: 2, tag: '1.0-2-aaaaaaa', startedAt: null, unhealthy: false, drift: [] },
  ...changes,
});
const desired: Desired = {
  ...{ release: 2, branch: 'main', commit: 'a'.repeat(40), tag: '1.0-2-aaaaaaa', digest: 'sha256:2' },
  ...{ wanted: 'running', since: '2026-01-02T00:00:00.000Z', by: 'ann', deploymentId: 'd1' },
};
const cell = (changes: Partial<MatrixCell> = {}): MatrixCell => ({
  ...{ environment: 'production', orphaned: false, desired, behind: 0, pending: 0, inStep: 2, total: 2 },
  ...{ hosts: [host('a'), host('b')], last: null },
  ...changes,
});
const release = { number: 3, tag: '1.1-3-bbbbbbb' };
const last = (changes: Partial<NonNullable<MatrixCell['last']>>) =>
  cell({
    last: { id: 'd2', kind: 'deployment', status: 'succeeded', by: 'ann', at: '', release, blocked: false, ...changes },
  });
const row = (service: string, ...cells: MatrixCell[]): MatrixRow => ({ service, cells });

describe('what there is to say of a cell', () => {
  test.each<[string, MatrixCell, string[]]>([
    ['all is well', cell(), ['in-step']],
    ['nothing was deployed', cell({ desired: null, behind: null, hosts: [] }), ['not-there']],
    ['it was stopped', cell({ desired: { ...desired, wanted: 'stopped' }, total: 0 }), ['stopped']],
    ['newer releases', cell({ behind: 3 }), ['behind']],
    ['of a git tag, nothing is newer', cell({ behind: null }), ['in-step']],
    ['other settings', cell({ pending: 1 }), ['changes']],
    ['drift comes first', cell({ behind: 1, hosts: [host('a', { drift: ['image'] })] }), ['other', 'behind']],
    ['a host is ill', cell({ hosts: [host('a', { unhealthy: true })] }), ['other']],
    ['a host is away', cell({ hosts: [host('a', { state: 'unknown' })] }), ['unknown']],
    [
      'hosts that were never deployed to may be away',
      cell({ desired: null, hosts: [host('a', { state: 'unknown' })] }),
      ['not-there'],
    ],
    ['a deployment runs', last({ status: 'running' }), ['running']],
    ['one waits', last({ status: 'pending' }), ['pending']],
    ['the last one failed', last({ status: 'failed' }), ['failed']],
    ['the last one was rolled back', last({ status: 'rolled-back' }), ['rolled-back']],
    [
      'a restart that failed changed nothing of what should run',
      last({ kind: 'restart', status: 'failed' }),
      ['in-step'],
    ],
  ])('%s', (_, given, states) => {
    expect(marksOf(given).map(({ state }) => state)).toEqual(states);
  });

  test('a deployment that failed is named with its release, whether that is blocked, and what runs instead', () => {
    const failed = last({ status: 'failed', blocked: true });
    expect(marksOf(failed)).toEqual([
      { state: 'failed', words: '1.1-3 failed to deploy and is blocked', short: '', deployment: 'd2' },
    ]);
    expect(failureOf(failed)).toEqual({
      words: '1.1-3 failed to deploy and is blocked; 1.0-2 keeps running',
      id: 'd2',
    });
    expect(failureOf(last({ status: 'rolled-back' }))?.words).toBe('1.1-3 was rolled back; 1.0-2 keeps running');
    expect(failureOf(last({ status: 'failed', release: null }))?.words).toBe(
      'the last deployment failed; 1.0-2 keeps running',
    );
    expect(failureOf({ ...failed, desired: null, total: 0 })?.words).toBe('1.1-3 failed to deploy and is blocked');
    expect(failureOf(cell())).toBeNull();
    expect(failureOf(last({ kind: 'restart', status: 'failed' }))).toBeNull();
  });

  test('is said in words, with hosts and numbers', () => {
    const given = cell({ behind: 1, pending: 2, hosts: [host('a', { drift: ['image'] }), host('b')] });
    expect(marksOf(given).map(({ words }) => words)).toEqual([
      'not as wanted on a',
      '1 newer release of main',
      '2 settings apply with the next deployment',
    ]);
  });
});

test('drift is one sentence for the hosts that share it', () => {
  const missing = { state: 'missing', release: null, tag: null, drift: ['state'] } as const;
  const hosts = [
    host('a', { ...missing, drift: ['state'] }),
    host('b', { ...missing, drift: ['state'] }),
    host('c', { release: 1, tag: '1.0-1-bbbbbbb', drift: ['image'] }),
    host('d', { drift: ['mem_limit', 'restart'] }),
    host('e', { state: 'exited', drift: ['state'] }),
    host('f', { drift: ['does-not-stay-up'] }),
    host('g', { drift: ['unknown-deployment'] }),
    host('h'),
  ];
  expect(driftSentence(cell({ hosts }))).toBe(
    'has no container on a, b; runs 1.0-1, which was not deployed, on c; differs in mem_limit, restart on d; is exited on e; ' +
      'does not stay up on f; runs by a deployment that Slipway does not know on g',
  );
});

test('rows are found by name, and by what is wrong in one of their cells', () => {
  const rows = [
    row('shop', cell({ behind: 1 })),
    row('cart', cell({ hosts: [host('a', { drift: ['image'] })] })),
    row('web-shop', cell({ environment: 'staging' })),
  ];
  const found = (text: string, show: Parameters<typeof rowMatcher>[1]) =>
    rows.filter(rowMatcher(text, show, new Set(['staging']))).map(({ service }) => service);
  expect(found('', '')).toEqual(['shop', 'cart', 'web-shop']);
  expect(found('SHOP', '')).toEqual(['shop', 'web-shop']);
  expect(found('shop web', '')).toEqual(['web-shop']);
  expect(found('', 'behind')).toEqual(['shop']);
  expect(found('', 'drifted')).toEqual(['cart']);
  expect(found('', 'frozen')).toEqual(['web-shop']);
});

test.each<[string, Partial<MatrixCell> | null, Partial<MatrixCell> | null, string | null]>([
  ['the same', {}, {}, null],
  ['neither', { desired: null }, { desired: null }, null],
  ['only one', { desired: null }, {}, 'not in staging'],
  ['no cell', {}, null, 'not in production'],
  ['another branch', {}, { desired: { ...desired, digest: 'x', branch: 'next' } }, 'main and next'],
  [
    'an older one',
    { behind: 1 },
    { behind: 3, desired: { ...desired, digest: 'x' } },
    'production is 2 releases behind',
  ],
  ['a newer one', { behind: 2 }, { behind: 1, desired: { ...desired, digest: 'x' } }, 'staging is 1 release behind'],
  ['of tags', { behind: null }, { behind: null, desired: { ...desired, digest: 'x' } }, 'another image'],
  ['another run file', {}, { desired: { ...desired, release: 3 } }, 'same image, another run file'],
])('two environments that run %s', (_, one, other, words) => {
  const cells = [
    ...(one === null ? [] : [cell({ ...one, environment: 'staging' })]),
    ...(other === null ? [] : [cell(other)]),
  ];
  expect(between(row('shop', ...cells), 'staging', 'production')).toBe(words);
});

test('tags are shown without their commit, releases without a tag by number', () => {
  expect(shortTag('1.0.1-22-7e56158')).toBe('1.0.1-22');
  expect(shortTag('1.0.1-22-7e56158-r2')).toBe('1.0.1-22-r2');
  expect(shortTag('2026.11')).toBe('2026.11');
  expect([releaseWords(3, '1.1.0-2-0f9de36'), releaseWords(3, null)]).toEqual(['1.1.0-2, release 3', 'release 3']);
  // A release of another run file has the image of an earlier commit.
  expect(imageCommit('a403055'.padEnd(40, '0'), '1.1.0-2-0f9de36')).toBe('0f9de36');
  expect(imageCommit('0f9de36'.padEnd(40, '0'), '1.1.0-2-0f9de36-r2')).toBeNull();
  expect(imageCommit('a403055'.padEnd(40, '0'), '2026.11')).toBeNull();
  expect([releaseName(3, null), releaseName(null, null)]).toEqual(['release 3', 'something else']);
});

test('an address names a cell', () => {
  expect(placeOf('shop@production')).toEqual({ service: 'shop', environment: 'production' });
  expect([placeOf(undefined), placeOf('shop'), placeOf('@production')]).toEqual([null, null, null]);
});

test('what the balancer sends to a host is said in words', () => {
  expect(balancerWords('active')).toBe('gets the users');
  expect(balancerWords('drained')).toBe('stands by: gets no users');
});

test('the cells of an environment are found by service', () => {
  const matrix = { environments: [], orphaned: [], services: [row('shop', cell(), cell({ environment: 'test' }))] };
  expect([...cellsOf(matrix, 'test')]).toEqual([['shop', cell({ environment: 'test' })]]);
  expect([...cellsOf(undefined, 'test')]).toEqual([]);
});
