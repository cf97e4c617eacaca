import type { Build, Environment } from '../../../ui/src/api/types.js';
import { BAR_HEIGHT, heightsOf, medianMs } from '../../../ui/src/pages/service/bars.js';
import { fullName, ordered, stateOfBranch, type Branch } from '../../../ui/src/pages/service/branch-state.js';
import { placementsOf, stateOfPlaced, type Placed } from '../../../ui/src/pages/service/placement.js';

const build = (seconds: number, over: Partial<Build> = {}): Build =>
  ({
    ...{ id: 'b-1', status: 'succeeded', outcome: 'built', branch: 'main', commit: 'a' },
    ...{ startedAt: '2026-01-01T00:00:00Z', finishedAt: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString() },
    ...over,
  }) as Build;
const branch = (over: Partial<Branch> = {}): Branch => ({
  ...{ branch: 'main', head: 'a', image: null, lastBuild: null, warnings: [] },
  ...over,
});

test('the median is of builds that were really built', () => {
  expect(medianMs([])).toBeNull();
  expect(medianMs([build(10), build(30), build(20)])).toBe(20_000);
  expect(medianMs([build(10), build(30)])).toBe(20_000);
  expect(medianMs([build(10), build(1, { outcome: 'reused' }), build(99, { status: 'failed' })])).toBe(10_000);
});

test('the longest bar is as high as there is room, and the shortest can be seen', () => {
  expect(heightsOf([build(100), build(50), build(0), build(0, { startedAt: null })])).toEqual([BAR_HEIGHT, 20, 3, 3]);
  expect(heightsOf([])).toEqual([]);
});

test.each<[string, Branch, string, string | null]>([
  ['its head was built', branch({ lastBuild: build(1) }), 'built', '/builds/b-1'],
  [
    'a build is under way',
    branch({ head: 'z', lastBuild: build(1, { status: 'running', finishedAt: null }) }),
    'running',
    '/builds/b-1',
  ],
  [
    'nothing was to build',
    branch({ head: 'skip', lastBuild: build(1) }),
    'skipped',
    '/services/shop/why/skip?branch=main&decision=8',
  ],
  ['it waits', branch({ head: 'wait' }), 'waits-for-artifact', '/services/shop/why/wait?branch=main&decision=8'],
  ['it never was', branch({ head: 'z' }), 'none', null],
  [
    'its decision is not among the last',
    branch({ head: 'z', lastBuild: build(1) }),
    'skipped',
    '/services/shop/why/z?branch=main',
  ],
])('the state of a branch: %s', (_, its, state, href) => {
  const decided = (head: string, code: string) => ({
    ...{ id: 8, service: 'shop', branch: 'main', head, decision: 'skip', reason: { code } },
  });
  const stateOf = ({ status }: Pick<Build, 'status'>) => (status === 'running' ? 'running' : 'built');
  const decisions = [decided('skip', 'no-change'), decided('wait', 'waiting-for-artifact')] as never;
  expect(stateOfBranch('shop', its, decisions, stateOf)).toMatchObject({ state, href });
});

test('branches come before tags, and tags the newest first', () => {
  const names = ['refs/tags/v9', 'release/10', 'refs/tags/v10', 'main', 'release/9'];
  expect(ordered(names.map((name) => branch({ branch: name }))).map((one) => one.branch)).toEqual([
    'main',
    'release/9',
    'release/10',
    'refs/tags/v10',
    'refs/tags/v9',
  ]);
});

test('an image is copied with its tag and digest', () => {
  const image = { repository: 'registry.test/shop', tags: ['1.0', 'main'], digest: 'sha256:1' };
  expect(fullName(image)).toBe('registry.test/shop:1.0@sha256:1');
  expect(fullName({ ...image, tags: [] })).toBe('registry.test/shop@sha256:1');
});

const placed = (over: Partial<Placed> = {}): Placed => ({
  ...{ service: 'shop', orphaned: false, desired: { release: 1, tag: '1.0' }, pending: [], hosts: [] },
  ...{ scale: { running: 2, wanted: 2 }, deploymentId: 't-1' },
  ...over,
});
const host = (over: object) => [{ state: 'running', drift: [], ...over }] as unknown as Placed['hosts'];

test.each<[string, Placed, string]>([
  ['all is as wanted', placed(), 'in-step'],
  ['it never was deployed', placed({ desired: null }), 'none'],
  ['too few run', placed({ scale: { running: 1, wanted: 2 } }), 'other'],
  ['a host has drifted', placed({ hosts: host({ drift: [{ field: 'image', wanted: null, found: null }] }) }), 'other'],
  ['a host is away', placed({ hosts: host({ state: 'unknown' }) }), 'unknown'],
  [
    'the configuration has changed',
    placed({ pending: [{ field: 'mem_limit', now: null, next: '1g', secret: false }] }),
    'changes',
  ],
])('the state in an environment: %s', (_, its, state) => {
  expect(stateOfPlaced(its).state).toBe(state);
});

test('a service is placed where the environments have it', () => {
  const environments = [
    { name: 'staging', services: [placed()] },
    { name: 'production', services: [placed({ service: 'other' })] },
  ] as unknown as Environment[];
  expect(placementsOf('shop', environments).map(({ environment }) => environment)).toEqual(['staging']);
});
