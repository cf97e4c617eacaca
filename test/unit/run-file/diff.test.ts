import { diff } from '../../../src/run-file/diff.js';
import { parametersOf, service, type Given } from './reading.js';

const between = (from: string, to: string, given: Given = {}) =>
  diff(parametersOf(service(from), given), parametersOf(service(to), given));

test.each([
  ['mem_limit: 8g', 'mem_limit: 8GiB'],
  ['ports: ["80:80", "81:81"]', 'ports: [{target: 81, published: 81}, "80:80/tcp"]'],
  ['environment: {A: 1, B: 2}', 'environment: [B=2, A=1]'],
  ['user: a\nhostname: h', 'hostname: h\nuser: a'],
  ['cap_add: [A, B]', 'cap_add: [CAP_B, a]'],
  ['restart: always', 'init: true'],
  ['healthcheck: {test: a, interval: 60s}', 'healthcheck: {interval: 1m, test: [CMD-SHELL, a]}'],
])('%s is no other container than %s', (from, to) => {
  expect(between(from, to)).toEqual([]);
});

test.each([
  ['ports: ["8080:80"]', 'ports: ["8888:80"]', [['ports', '["8080:80/tcp"]', '["8888:80/tcp"]']]],
  [
    'environment: {A: 1, B: 2}',
    'environment: {B: 3, C: 4}',
    [
      ['environment.A', '1', null],
      ['environment.B', '2', '3'],
      ['environment.C', null, '4'],
    ],
  ],
  [
    'volumes: ["/a:/x"]',
    'volumes: ["/a:/x:ro", "/b:/y"]',
    [
      ['volumes./x', '/a:/x', '/a:/x:ro'],
      ['volumes./y', null, '/b:/y'],
    ],
  ],
  [
    'mem_limit: 1g',
    'mem_limit: 2g',
    [
      ['mem_limit', '1g', '2g'],
      ['memswap_limit', '1g', '2g'],
    ],
  ],
  [
    'user: a',
    'cpus: 0.5',
    [
      ['cpus', null, '0.5'],
      ['user', 'a', null],
    ],
  ],
  ['command: []', 'init: true', [['command', '[]', null]]],
  [
    'healthcheck: {test: a, retries: 2}',
    'healthcheck: {disable: true}',
    [['healthcheck', '["CMD-SHELL","a"], retries 2', 'disabled']],
  ],
  ['restart: no', 'restart: on-failure:3', [['restart', 'no', 'on-failure:3']]],
  ['ulimits: {nofile: 5}', 'ulimits: {nofile: {soft: 5, hard: 6}}', [['ulimits.nofile', '5', '5:6']]],
  [
    'logging: {driver: local}',
    'logging: {driver: local, options: {a: b}}',
    [['logging', '["local"]', '["local","a=b"]']],
  ],
])('%s and %s', (from, to, fields) => {
  expect(between(from, to)).toEqual(
    fields.map(([field, before, after]) => ({ field, from: before, to: after, secret: false })),
  );
});

test('secrets are compared, and not shown', () => {
  const [one, other] = ['first', 'second'].map((value) =>
    parametersOf(service('environment: {A: "x$S", B: plain, C: $S}'), { secrets: { S: value } }),
  );
  const plain = parametersOf(service('environment: {A: plain, B: plain}'));
  if (one === undefined || other === undefined) throw new Error('unreachable');
  const hidden = { from: '(changed, not shown)', to: '(changed, not shown)', secret: true };
  expect(diff(one, other)).toEqual([
    { field: 'environment.A', ...hidden },
    { field: 'environment.C', ...hidden },
  ]);
  expect(diff(one, plain)).toEqual([
    { field: 'environment.A', ...hidden },
    { field: 'environment.C', ...hidden, to: null },
  ]);
  expect(diff(one, one)).toEqual([]);
});

test('every parameter shows in a difference', () => {
  const lines =
    'ports: ["1:1"]\nenvironment: {A: b}\nvolumes: ["/a:/b"]\ntmpfs: /t\ncommand: c\nentrypoint: e\nuser: u\nworking_dir: /w\nhostname: h\nprivileged: true\ncap_add: [A]\ncap_drop: [B]\nsecurity_opt: ["label=disable"]\ndevices: [/dev/fuse]\ngroup_add: [g]\nread_only: true\ninit: false\nshm_size: 1m\nulimits: {nofile: 1}\nsysctls: {net.core.somaxconn: 1}\nextra_hosts: [a=1.1.1.1]\ndns: 1.1.1.1\nrestart: no\nstop_signal: INT\nstop_grace_period: 1s\nhealthcheck: {test: a}\nlogging: {driver: local}\nlabels: {l: m}\nmem_limit: 1g\ncpus: 1\npids_limit: 5\noom_score_adj: 5';
  const fields = diff(parametersOf(null), parametersOf(service(lines))).map(({ field }) => field.replace(/\..*/, ''));
  const changed = Object.keys(parametersOf(null)).filter((name) => name !== 'networkMode');
  expect(new Set(fields).size).toBe(changed.length);
  expect(diff(parametersOf(null), parametersOf(service('network_mode: none')))).toMatchObject([
    { field: 'network_mode' },
  ]);
});
