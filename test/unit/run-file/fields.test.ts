import type { Parameters } from '../../../src/model/parameters.js';
import { faultsOf, parametersOf, reading, service } from './reading.js';

const GIB = 2 ** 30;
const port = (hostPort: number | null, containerPort: number, hostIp = '', protocol = 'tcp') => ({
  hostIp,
  hostPort,
  containerPort,
  protocol,
});
const bind = (source: string, target: string, readOnly = false) => ({
  kind: 'bind',
  source,
  target,
  readOnly,
  external: false,
});
const check = (fields: object) => ({
  disabled: false,
  test: null,
  interval: null,
  timeout: null,
  startPeriod: null,
  startInterval: null,
  retries: null,
  ...fields,
});

const values: readonly (readonly [string, Readonly<Partial<Record<keyof Parameters, unknown>>>])[] = [
  ['ports: ["80:81"]', { ports: [port(80, 81)] }],
  ['ports: ["127.0.0.1:80:81/UDP", 90]', { ports: [port(80, 81, '127.0.0.1', 'udp'), port(null, 90)] }],
  ['ports: ["[::1]:80:80", "127.0.0.1::82"]', { ports: [port(80, 80, '::1'), port(null, 82, '127.0.0.1')] }],
  [
    'ports: [{target: 80, published: 8080, host_ip: 10.0.0.1, protocol: sctp, mode: ingress}]',
    { ports: [port(8080, 80, '10.0.0.1', 'sctp')] },
  ],
  ['ports: ["80:80", "80:80/tcp", {target: 80, published: "80"}]', { ports: [port(80, 80)] }],
  ['volumes: ["/a/./b/../c/:/x/", "/d:/y:ro"]', { mounts: [bind('/a/c', '/x'), bind('/d', '/y', true)] }],
  [
    'volumes: [{type: bind, source: //a, target: /x, read_only: true, bind: {create_host_path: false}}]',
    { mounts: [bind('/a', '/x', true)] },
  ],
  ['volumes: ["/a:/x", "/b:/x/"]', { mounts: [bind('/b', '/x')] }],
  ['tmpfs: /run', { tmpfs: { '/run': '' } }],
  ['tmpfs: ["/tmp:size=1m,mode=1777", "/run"]', { tmpfs: { '/run': '', '/tmp': 'size=1m,mode=1777' } }],
  ['command: run "a b"', { command: ['run', 'a b'] }],
  ['command: []', { command: [] }],
  ['command: ', { command: null }],
  ['entrypoint: [a, 5]', { entrypoint: ['a', '5'] }],
  ['user: 1000:1000\nworking_dir: /w\nhostname: h', { user: '1000:1000', workingDir: '/w', hostname: 'h' }],
  ['privileged: yes', { privileged: true }],
  ['cap_add: [cap_net_admin, NET_ADMIN, Sys_Time]', { capAdd: ['NET_ADMIN', 'SYS_TIME'] }],
  ['cap_drop: [ALL]', { capDrop: ['ALL'] }],
  ['security_opt: ["label=disable"]', { securityOpt: ['label=disable'] }],
  [
    'devices: [/dev/fuse, "/dev/null:/dev/x:wr"]',
    {
      devices: [
        { host: '/dev/fuse', container: '/dev/fuse', permissions: 'rwm' },
        { host: '/dev/null', container: '/dev/x', permissions: 'rw' },
      ],
    },
  ],
  [
    'devices: [{source: /dev/fuse, permissions: r}]',
    { devices: [{ host: '/dev/fuse', container: '/dev/fuse', permissions: 'r' }] },
  ],
  ['group_add: [b, 5, b]', { groupAdd: ['5', 'b'] }],
  ['read_only: true\ninit: false', { readOnly: true, init: false }],
  ['shm_size: 64m', { shmSize: 64 * 2 ** 20 }],
  [
    'ulimits: {nofile: 5, nproc: {soft: 1, hard: -1}}',
    { ulimits: { nofile: { soft: 5, hard: 5 }, nproc: { soft: 1, hard: -1 } } },
  ],
  ['sysctls: [net.core.somaxconn=1024]', { sysctls: { 'net.core.somaxconn': '1024' } }],
  [
    'extra_hosts: ["b:1.1.1.1", "a=[::1]", "a:2.2.2.2", "c=host-gateway"]',
    { extraHosts: ['a=2.2.2.2', 'a=::1', 'b=1.1.1.1', 'c=host-gateway'] },
  ],
  ['extra_hosts: {a: 1.1.1.1}', { extraHosts: ['a=1.1.1.1'] }],
  ['dns: 1.1.1.1', { dns: ['1.1.1.1'] }],
  ['dns: [8.8.8.8, 1.1.1.1]', { dns: ['8.8.8.8', '1.1.1.1'] }],
  ['network_mode: host', { networkMode: 'host' }],
  ['restart: on-failure:3', { restart: { name: 'on-failure', maxRetries: 3 } }],
  ['restart: no', { restart: { name: 'no', maxRetries: 0 } }],
  ['stop_signal: int', { stopSignal: 'SIGINT' }],
  ['stop_signal: 9', { stopSignal: '9' }],
  ['stop_grace_period: 1m30.5s', { stopGracePeriod: 90_500 }],
  [
    'healthcheck: {test: curl x, interval: 1.5s, retries: 3}',
    { healthcheck: check({ test: ['CMD-SHELL', 'curl x'], interval: 1.5e9, retries: 3 }) },
  ],
  [
    'healthcheck: {test: [CMD, a, b], timeout: 5s, start_period: 1m, start_interval: 1ms}',
    { healthcheck: check({ test: ['CMD', 'a', 'b'], timeout: 5e9, startPeriod: 60e9, startInterval: 1e6 }) },
  ],
  ['healthcheck: {disable: true}', { healthcheck: check({ disabled: true }) }],
  ['healthcheck: {test: [NONE], interval: 5s}', { healthcheck: check({ disabled: true }) }],
  ['logging: {driver: local, options: {max-file: 3}}', { logging: { driver: 'local', options: { 'max-file': '3' } } }],
  ['logging: {options: {max-file: 5}}', { logging: { driver: 'json-file', options: { 'max-file': '5' } } }],
  ['labels: [a=b, c]', { labels: { a: 'b', c: '' } }],
  ['mem_limit: 1.5g', { memory: 1.5 * GIB, memorySwap: 1.5 * GIB }],
  ['mem_limit: 1g\nmemswap_limit: 2g', { memory: GIB, memorySwap: 2 * GIB }],
  ['memswap_limit: -1', { memory: 8 * GIB, memorySwap: -1 }],
  ['mem_limit: 0', { memory: 0, memorySwap: 0 }],
  ['cpus: .5', { nanoCpus: 5e8 }],
  ['pids_limit: 0', { pidsLimit: -1 }],
  ['oom_score_adj: -5', { oomScoreAdj: -5 }],
  [
    'deploy: {resources: {limits: {cpus: "0.25", memory: 512M, pids: 7}}}',
    { nanoCpus: 2.5e8, memory: GIB / 2, memorySwap: GIB / 2, pidsLimit: 7 },
  ],
  ['mem_limit: 1024m\ndeploy: {resources: {limits: {memory: 1GiB}}}', { memory: GIB, memorySwap: GIB }],
];

test.each(values)('%s', (lines, fields) => {
  expect(parametersOf(service(lines))).toEqual({ ...parametersOf(null), ...fields });
});

test('the defaults are those of the contract', () => {
  expect(parametersOf(null)).toMatchObject({
    restart: { name: 'always', maxRetries: 0 },
    memory: 8 * GIB,
    memorySwap: 8 * GIB,
    nanoCpus: 0,
    init: true,
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    stopGracePeriod: 10_000,
    networkMode: 'bridge',
    privileged: false,
  });
});

test('the defaults of the environment come before the built-in ones, and after the file', () => {
  const defaults = { memory: GIB, nanoCpus: 4e9, restart: { name: 'unless-stopped', maxRetries: 0 } as const };
  const given = { defaults };
  expect(parametersOf(null, given)).toMatchObject({
    memory: GIB,
    memorySwap: GIB,
    nanoCpus: 4e9,
    restart: defaults.restart,
  });
  const { result } = reading(service('mem_limit: 2g\nenvironment:\n  A: b'), given);
  expect(result?.parameters.memory).toBe(2 * GIB);
  expect(result?.origins).toMatchObject({
    mem_limit: { kind: 'file', path: 'compose.yaml', line: 3, column: 16 },
    'environment.A': { kind: 'file', path: 'compose.yaml', line: 5, column: 7 },
    cpus: { kind: 'environment' },
    restart: { kind: 'environment' },
    init: { kind: 'default' },
  });
});

test('what an overlay sets has its place as origin', () => {
  const { result } = reading(service('user: a\nenvironment: {A: b, B: c}'), {
    overlay: service('user: d\nenvironment: {B: e}'),
  });
  expect(result?.origins).toMatchObject({
    user: { path: 'compose.production.yaml', line: 3 },
    'environment.A': { path: 'compose.yaml', line: 4 },
    'environment.B': { path: 'compose.production.yaml', line: 4 },
  });
});

test('named volumes belong to service and environment', () => {
  const volumes =
    'volumes: {data: , other: {name: named}, shared: {external: true}, taken: {external: true, name: real}}\n';
  const { mounts } = parametersOf(
    `${service('volumes: ["data:/a", "other:/b:ro", "shared:/c", {type: volume, source: taken, target: /d}]')}${volumes}`,
  );
  expect(mounts.map(({ source, readOnly, external }) => [source, readOnly, external])).toEqual([
    ['web.production.data', false, false],
    ['web.production.named', true, false],
    ['shared', false, true],
    ['real', false, true],
  ]);
});

test('x-slipway.verify is returned as it is written', () => {
  const { result } = reading(
    service(
      'x-slipway: {verify: {path: /v, port: 8080, json: /version, expect: tag, headers: {A: b}, scheme: https, host: h}}',
    ),
  );
  expect(result?.verify).toEqual({
    path: '/v',
    port: 8080,
    json: '/version',
    expect: 'tag',
    headers: { A: 'b' },
    scheme: 'https',
    host: 'h',
  });
  expect(reading(service('user: a')).result?.verify).toBeNull();
});

test.each([
  ['ports: ["80-81:80-81"]', 'Port ranges are not supported; write one entry for each port.'],
  [
    'ports: ["0:80"]',
    'A port has to be `[address:][host port:]container port[/protocol]`, such as `8080:80` or `127.0.0.1:53:53/udp`; ports are numbers from 1 to 65535.',
  ],
  ['ports: ["host:80:80"]', 'The address of a port has to be an IP address.'],
  ['ports: ["80:80/icmp"]', 'The protocol of a port has to be `tcp`, `udp` or `sctp`.'],
  ['ports: ["80:80", "127.0.0.1:80:81"]', 'The host port 80 is published twice.'],
  [
    'ports: ["80:80"]\nnetwork_mode: host',
    'Ports are published in the network mode `bridge` alone, and `network_mode` is `host`. Remove one of both.',
  ],
  ['network_mode: service:db', '`network_mode` has to be `bridge`, `host` or `none`.'],
  ['volumes: ["./a:/b"]', 'The source of a bind has to be an absolute path of the host.'],
  ['volumes: ["~/a:/b"]', 'The source of a bind has to be an absolute path of the host.'],
  ['volumes: ["a/b:/c"]', 'The source of a bind has to be an absolute path of the host.'],
  [
    'volumes: [/data]',
    'A volume without a name is lost with its container. Write `name:/path`, and declare the name under `volumes`.',
  ],
  ['volumes: ["data:/a"]', 'The volume `data` is not declared. Add it to `volumes` at the top of the file.'],
  [
    'volumes: ["d:/a"]',
    'Compose takes a single letter before `:` for a drive of Windows; give the volume a longer name.',
  ],
  ['volumes: ["/a:b"]', 'The target of a volume has to be an absolute path in the container, below `/`.'],
  ['volumes: ["/a:/b/.."]', 'The target of a volume has to be an absolute path in the container, below `/`.'],
  ['volumes: ["/a:/b:z"]', 'The option "z" of a volume is not supported; there are `ro` and `rw`.'],
  ['volumes: ["/a:/b"]\ntmpfs: /b/', 'A volume is mounted at "/b/" already.'],
  ['tmpfs: run', 'Each entry of `tmpfs` has to be an absolute path in the container, below `/`.'],
  [
    'command: a | b',
    'The command has "|" outside of quotes. Compose splits a text into words, but runs no shell. Write `[sh, -c, "…"]`.',
  ],
  ['command: "a \'b"', "The command has ' without its partner."],
  ['working_dir: w', '`working_dir` has to be an absolute path.'],
  ['privileged: maybe', '`privileged` has to be `true` or `false`.'],
  ['cap_add: ["NET ADMIN"]', 'Each entry of `cap_add` has to be the name of a capability, such as `NET_ADMIN`.'],
  [
    'security_opt: ["seccomp:./a.json"]',
    'Each entry of `security_opt` has to be an option; a seccomp profile in a file is not supported, only `seccomp=unconfined`.',
  ],
  [
    'devices: [fuse]',
    'Each entry of `devices` has to be `path[:path in the container[:permissions]]`, such as `/dev/fuse:/dev/fuse:rw`.',
  ],
  ['shm_size: 0', '`shm_size` has to be a size above zero, such as `64m`.'],
  ['ulimits: {nofile: {soft: 2, hard: 1}}', 'The soft limit of `nofile` is above the hard one.'],
  [
    'ulimits: {nofile: {soft: 2}}',
    'Each of `ulimits` has to be a whole number, or `soft` and `hard` with one each; -1 is no limit.',
  ],
  ['sysctls: {net.core.somaxconn: }', 'Each of `sysctls` has to be the name of a kernel parameter, with a value.'],
  ['extra_hosts: [a]', 'Each entry of `extra_hosts` has to be `name=address` with an IP address or `host-gateway`.'],
  ['dns: [example.com]', 'Each entry of `dns` has to be an IP address.'],
  ['restart: sometimes', '`restart` has to be `always`, `unless-stopped`, `on-failure[:retries]` or `"no"`.'],
  ['restart: on-failure:x', '`restart` has to be `always`, `unless-stopped`, `on-failure[:retries]` or `"no"`.'],
  ['stop_grace_period: 10', '`stop_grace_period` has to be a duration such as `30s` or `1m30s`.'],
  ['healthcheck: {interval: 1us}', '`interval` has to be a duration such as `30s`, of at least 1 ms.'],
  ['healthcheck: {test: [a]}', '`test` has to be a text, or a list that begins with `CMD`, `CMD-SHELL` or `NONE`.'],
  ['healthcheck: {test: a, disable: true}', 'The health check has `disable: true` and a `test`; keep one of them.'],
  ['labels: {dev.slipway.service: a}', "Labels that begin with `dev.slipway.` are Slipway's own; use another name."],
  ['environment: ["=a"]', 'The name of an environment variable has neither blanks nor `=`, and is not empty.'],
  ['mem_limit: 8 apples', '`mem_limit` has to be a size such as `8g` or `512MiB`.'],
  [
    'mem_limit: 1g\nmemswap_limit: 1m',
    '`memswap_limit` counts memory and swap together, so it cannot be below the memory limit.',
  ],
  ['mem_limit: 0\nmemswap_limit: 1m', '`memswap_limit` needs a memory limit (`mem_limit`).'],
  [
    'mem_limit: 1g\ndeploy: {resources: {limits: {memory: 2g}}}',
    '`mem_limit` and `deploy.resources.limits.memory` differ; keep one of them.',
  ],
  ['cpus: -1', '`cpus` has to be a number such as `1.5`.'],
  ['pids_limit: many', '`pids_limit` has to be a whole number, or -1 for no limit.'],
  ['oom_score_adj: 1001', '`oom_score_adj` has to be from -1000 to 1000.'],
  ['x-slipway: {verify: {path: v}}', '`path` has to be a path that begins with `/`.'],
  ['x-slipway: {verify: {body: "regex:a(b"}}', 'The regular expression of `body` is not valid.'],
  ['x-slipway: {verify: {body: "regex:"}}', 'The regular expression of `body` is empty.'],
  ['x-slipway: {verify: {json: /v, header: a}}', '`verify` has `json` and `header`; keep one of them.'],
])('%s is a fault', (lines, message) => {
  expect(reading(service(lines)).faults.map((fault) => fault.message)).toEqual([message]);
});

test('with a balancer each port needs one of the host', () => {
  expect(faultsOf(service('ports: [8080]'), { balancer: true })).toEqual([
    'compose.yaml:3:13 The environment has a balancer, which has to know the port of the host: write `8080:8080`, or another host port.',
  ]);
});
