import {
  changesOf,
  deployedIn,
  elsewhere,
  environmentsOf,
  originText,
  planSentence,
  roughly,
  type Said,
} from '../../../ui/src/deploy/sentences.js';
import { isProtected } from '../../../ui/src/parts/protected.js';
import type { Environment, Plan, PlannedParameter } from '../../../ui/src/api/types.js';

type PlannedHost = Plan['hosts'][number];
type Seen = Environment['services'][number]['hosts'][number];

const now = Date.UTC(2026, 0, 2, 12);
const host = (name: string, action: PlannedHost['action'] = 'replace', parameters: PlannedParameter[] = []) => ({
  ...{ host: name, action, parameters, image: { from: null, to: null }, interruptionSeconds: null },
});
const commits = (count: number) =>
  Array.from({ length: count }, () => ({ commit: 'a', subject: 'Change', at: '2026-01-02T00:00:00.000Z' }));

function said(hosts: PlannedHost[], more: Partial<Said> = {}, count = 0): string {
  const plan = { service: 'shop', environment: 'production', hosts, commits: commits(count) };
  return planSentence({ plan, strategy: 'rolling', from: '1.0.1-20', to: '1.0.1-22', elsewhere: [], now, ...more });
}

describe('the sentence of a plan', () => {
  test('with everything', () => {
    const others = [{ environment: 'staging', since: now - 2 * 3_600_000 }];
    expect(said([host('a'), host('b')], { elsewhere: others }, 5)).toBe(
      'production: shop 1.0.1-20 → 1.0.1-22, 2 hosts, one after the other; 5 commits; the same digest runs in staging for 2 h',
    );
  });

  test.each([
    ['nothing is deployed', [host('a', 'create')], { from: null }, 'shop nothing → 1.0.1-22, 1 host'],
    ['the same', [host('a', 'none')], { to: '1.0.1-20' }, 'shop 1.0.1-20 again, 1 host, which has it already'],
    ['blue-green', [host('a'), host('b')], { strategy: 'blue-green' as const }, '2 hosts, the idle one first'],
    ['some are there', [host('a'), host('b', 'none')], {}, '2 hosts, one after the other (1 unchanged)'],
    ['some are away', [host('a'), host('b', 'unknown')], {}, '2 hosts, one after the other (1 not known)'],
  ])('%s', (_, hosts, more, expected) => {
    expect(said(hosts, more)).toContain(expected);
  });

  test('a plan that lists no more commits says so', () => {
    expect(said([host('a')], {}, 1)).toMatch(/; 1 commit$/);
    expect(said([host('a')], {}, 100)).toMatch(/; 100 commits or more$/);
  });
});

test.each([
  [20_000, '1 min'],
  [3_599_000, '59 min'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 d'],
])('%d ms are %s', (ms, words) => {
  expect(roughly(ms)).toBe(words);
});

const seen = (over: Partial<Seen>): Seen => ({
  ...{ host: 'a', release: 1, tag: null, digest: 'sha256:1', containerId: null, state: 'running', health: null },
  ...{ balancer: null, startedAt: '2026-01-02T10:00:00.000Z', restarts: 0, lastExit: null, drift: [] },
  ...over,
});
const place = (name: string, hosts: Seen[], over: Partial<Environment['services'][number]> = {}): Environment => ({
  ...{ name, strategy: 'rolling', gate: 'start', window: null, hold: null, approvals: 0, hosts: [], orphanedHosts: [] },
  services: [
    {
      ...{ service: 'shop', orphaned: false, desired: { release: 1, tag: '1.0' }, pending: [], hosts },
      ...{ scale: { running: 1, wanted: 1 }, deploymentId: null },
      ...over,
    },
  ],
});

test('where else an image runs, since its first host', () => {
  const environments = [
    place('dev', [seen({ state: 'exited' })]),
    place('staging', [seen({}), seen({ startedAt: '2026-01-02T09:00:00.000Z' })]),
    place('test', [seen({ digest: 'sha256:2' })]),
    place('production', [seen({})]),
  ];
  const wanted = { service: 'shop', digest: 'sha256:1', environment: 'production' };
  expect(elsewhere(environments, wanted)).toEqual([{ environment: 'staging', since: Date.UTC(2026, 0, 2, 9) }]);
  expect(elsewhere(environments, { ...wanted, service: 'cart' })).toEqual([]);
});

test('the environments of a service are those of the configuration', () => {
  const environments = [place('dev', []), place('old', [], { orphaned: true })];
  expect(environmentsOf(environments, 'shop').map(({ name }) => name)).toEqual(['dev']);
  expect(environmentsOf(environments, 'cart')).toEqual([]);
  expect(deployedIn(place('dev', []), 'shop')).toEqual({ release: 1, tag: '1.0' });
});

test('approvals or a window protect an environment', () => {
  const window = { open: true, opensAt: null, closesAt: null };
  expect(isProtected({ approvals: 0, window: null })).toBe(false);
  expect(isProtected({ approvals: 1, window: null })).toBe(true);
  expect(isProtected({ approvals: 0, window })).toBe(true);
});

const parameter = (name: string, to: string): PlannedParameter => ({
  ...{ name, from: null, to, origin: { kind: 'default', path: null, line: null, commit: null }, secret: false },
});

test('what changes alike on each host is listed once', () => {
  const changes = changesOf([
    host('a', 'replace', [parameter('memory', '1g'), parameter('publish', '10.0.0.1')]),
    host('b', 'replace', [parameter('memory', '1g'), parameter('publish', '10.0.0.2')]),
  ]);
  expect(changes.map(({ name, to, hosts }) => [name, to, hosts])).toEqual([
    ['memory', '1g', null],
    ['publish', '10.0.0.1', ['a']],
    ['publish', '10.0.0.2', ['b']],
  ]);
});

test('where a value comes from', () => {
  const file = { kind: 'file', path: 'docker/compose.yaml', line: 7, commit: null } as const;
  expect(originText(file)).toBe('docker/compose.yaml:7');
  expect(originText({ ...file, line: null })).toBe('docker/compose.yaml');
  expect(originText({ kind: 'environment', path: null, line: null, commit: null })).toBe('the environment');
  expect(originText(null)).toBe('');
});
