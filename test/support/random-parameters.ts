import fc from 'fast-check';
import type { Healthcheck, Parameters, PublishedPort } from '../../src/model/parameters.js';
import { sortedPorts } from '../../src/model/sorted-ports.js';

/** A container without anything special, in its canonical form. */
export const plainParameters: Parameters = {
  ports: [],
  environment: {},
  mounts: [],
  tmpfs: {},
  command: null,
  entrypoint: null,
  user: null,
  workingDir: null,
  hostname: null,
  privileged: false,
  capAdd: [],
  capDrop: [],
  securityOpt: [],
  devices: [],
  groupAdd: [],
  readOnly: false,
  init: true,
  shmSize: null,
  ulimits: {},
  sysctls: {},
  extraHosts: [],
  dns: [],
  networkMode: 'bridge',
  restart: { name: 'always', maxRetries: 0 },
  stopSignal: null,
  stopGracePeriod: 10_000,
  healthcheck: null,
  logging: { driver: 'json-file', options: { 'max-file': '3', 'max-size': '10m' } },
  labels: {},
  memory: 256 * 2 ** 20,
  memorySwap: 256 * 2 ** 20,
  nanoCpus: 0,
  pidsLimit: null,
  oomScoreAdj: 0,
};

const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { nil: null });
const someOf = <T>(...values: T[]): fc.Arbitrary<T[]> => fc.subarray(values);
const text = fc.constantFrom('a', 'b=c', '', '$x', 'ü "q"', 'two\nlines', '${not}');

const environment = fc
  .dictionary(fc.constantFrom('A', 'B', 'PATH', 'x.y', '__proto__'), text, { maxKeys: 4 })
  .map((values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { value, secret: false, written: value.replaceAll('$', () => '$$') },
      ]),
    ),
  );

const milliseconds = fc.integer({ min: 1, max: 3_600_000 });
const time = milliseconds.map((ms) => ms * 1e6);
const healthcheck: fc.Arbitrary<Healthcheck> = fc.oneof(
  fc.constant({
    disabled: true,
    test: null,
    interval: null,
    timeout: null,
    startPeriod: null,
    startInterval: null,
    retries: null,
  }),
  fc.record({
    disabled: fc.constant(false),
    test: fc.constantFrom(['CMD-SHELL', 'true'], ['CMD', 'test', '-e', '/x']),
    interval: maybe(time),
    timeout: maybe(time),
    startPeriod: maybe(time),
    startInterval: fc.constant(null),
    retries: maybe(fc.integer({ min: 1, max: 100 })),
  }),
);

const port: fc.Arbitrary<PublishedPort> = fc.record({
  hostIp: fc.constantFrom('', '127.0.0.1', '::1'),
  hostPort: maybe(fc.integer({ min: 1, max: 65_535 })),
  containerPort: fc.integer({ min: 1, max: 65_535 }),
  protocol: fc.constantFrom('tcp', 'udp'),
});
const ports = fc
  .uniqueArray(port, { maxLength: 4, selector: ({ containerPort, protocol }) => `${containerPort}/${protocol}` })
  .map(sortedPorts);

const memory = fc.integer({ min: 16, max: 2048 }).map((mebibytes) => mebibytes * 2 ** 20);

/**
 * Canonical parameters that any engine takes, as long as nothing of it is started. No value is one that an image or engine would fill in, so
 * each has to come back.
 */
export const anyParameters: fc.Arbitrary<Parameters> = fc
  .record<Parameters>({
    ports,
    environment,
    mounts: someOf(
      { kind: 'bind' as const, source: '/tmp', target: '/a/b', readOnly: true, external: false },
      { kind: 'volume' as const, source: 'web.test.data', target: '/data', readOnly: false, external: false },
    ),
    tmpfs: fc.dictionary(fc.constantFrom('/run', '/cache'), fc.constantFrom('', 'size=64m', 'size=1m,mode=700')),
    command: maybe(fc.array(fc.constantFrom('a', '-b', '', '$c', 'd e'), { minLength: 1, maxLength: 3 })),
    entrypoint: maybe(fc.constantFrom(['/bin/run'], ['sh', '-c'])),
    user: maybe(fc.constantFrom('1000', 'me:us', '0:0')),
    workingDir: maybe(fc.constantFrom('/w', '/w/x')),
    hostname: maybe(fc.constantFrom('web', 'web-1')),
    privileged: fc.boolean(),
    capAdd: someOf('NET_ADMIN', 'SYS_TIME'),
    capDrop: someOf('ALL', 'NET_RAW'),
    securityOpt: someOf('no-new-privileges:true'),
    devices: someOf({ host: '/dev/null', container: '/dev/n', permissions: 'rw' }),
    groupAdd: someOf('1001', 'audio'),
    readOnly: fc.boolean(),
    init: fc.boolean(),
    shmSize: maybe(fc.integer({ min: 1, max: 32 }).map((mebibytes) => mebibytes * 2 ** 20)),
    ulimits: fc.dictionary(
      fc.constantFrom('nofile', 'nproc'),
      fc.constantFrom({ soft: 1024, hard: 2048 }, { soft: 9, hard: 9 }),
    ),
    sysctls: fc.dictionary(fc.constantFrom('net.core.somaxconn'), fc.constantFrom('128', '1024')),
    extraHosts: someOf('db=10.0.0.1', 'v6=fe80::1'),
    dns: fc.subarray(['10.0.0.53', '10.0.0.2']),
    networkMode: fc.constantFrom('bridge', 'none'),
    restart: fc.constantFrom(
      { name: 'always' as const, maxRetries: 0 },
      { name: 'no' as const, maxRetries: 0 },
      { name: 'on-failure' as const, maxRetries: 3 },
      { name: 'unless-stopped' as const, maxRetries: 0 },
    ),
    stopSignal: maybe(fc.constantFrom('SIGINT', '9')),
    stopGracePeriod: fc.integer({ min: 0, max: 300 }).map((seconds) => seconds * 1000),
    healthcheck: maybe(healthcheck),
    logging: fc.constantFrom<Parameters['logging'][]>(
      { driver: 'json-file', options: { 'max-file': '3', 'max-size': '10m', compress: 'true' } },
      { driver: 'none', options: {} },
    ),
    labels: fc.dictionary(fc.constantFrom('a', 'com.example.b'), text, { maxKeys: 2 }),
    memory,
    memorySwap: fc.constant(0),
    nanoCpus: fc.constantFrom(0, 500_000_000),
    pidsLimit: maybe(fc.integer({ min: 10, max: 1000 })),
    oomScoreAdj: fc.integer({ min: -100, max: 1000 }),
  })
  .map((parameters) => ({
    ...parameters,
    ports: parameters.networkMode === 'bridge' ? parameters.ports : [],
    memorySwap: parameters.memory,
  }));
