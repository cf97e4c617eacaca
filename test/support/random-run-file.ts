import fc from 'fast-check';

/** A service of a run file, as plain values. */
export type RandomService = Readonly<Record<string, unknown>>;

/** What the templates of random services mention. `UNSET` is not among them. */
export const randomVariables = { SET: 'value', EMPTY: '', DOLLAR: 'a$b${c}', SPACE: 'a b' };
export const randomSecrets = { PASSWORD: 's3cret-$x', TOKEN: 't0ken' };

const word = fc.constantFrom(
  'a',
  'b c',
  '',
  '$$',
  '$SET.',
  '${SET}',
  '${EMPTY}',
  '${UNSET:-d}',
  '${EMPTY:-$SET}',
  '${UNSET-}',
  '-',
  ':',
  '=',
  '{',
  '}',
  '$1',
  "'",
  '"',
  '\\',
  'ü',
  '#',
  '${SET:+i}',
  '${UNSET+i}',
  '${UNSET:-${SET:-x}}',
  '$DOLLAR-',
  '\n',
  '${SET:?m}',
);
const template = fc.array(word, { maxLength: 4 }).map((words) => words.join(''));
const secret = fc
  .tuple(template, fc.constantFrom('$PASSWORD ', '${TOKEN}', '${UNSET:-$PASSWORD}', '${TOKEN:+x}'), template)
  .map((parts) => parts.join(''));
const name = fc.constantFrom('A', 'B', 'C', 'Some_Name', 'x.y', 'on', '1');
const scalar = fc.oneof(
  template,
  fc.integer(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
);
const text = fc.constantFrom('a', 'b', 'c-d', '$SET', '${UNSET:-u}');

const environment = fc.oneof(
  fc.dictionary(name, fc.oneof(scalar, secret), { minKeys: 1, maxKeys: 4 }),
  fc.array(
    fc.tuple(name, fc.oneof(template, secret)).map((pair) => pair.join('=')),
    { minLength: 1, maxLength: 4 },
  ),
);
const keyValues = fc.oneof(
  fc.dictionary(name, scalar, { minKeys: 1, maxKeys: 3 }),
  fc.array(
    fc.tuple(name, template).map((pair) => pair.join('=')),
    { minLength: 1, maxLength: 3 },
  ),
);
/** Each port has one address, so that no two need the same. */
const port = fc.constantFrom(
  '80',
  '127.0.0.1:81:81',
  '82:82/udp',
  '[::1]:83:83',
  84,
  { target: 85, published: '85' },
  { target: 86, published: '87', host_ip: '127.0.0.2', protocol: 'udp' },
  '88:88/tcp',
  '${UNSET:-89}:89',
);
/** Cleaned: Compose compares targets before it cleans them, and again afterwards. */
const target = fc.constantFrom('/x', '/y', '/z', '/deep/er');
const mount = fc.oneof(
  fc
    .tuple(fc.constantFrom('/a', '/b/../c', 'data', 'extra'), target, fc.constantFrom('', ':ro', ':rw'))
    .map(([source, at, mode]) => `${source}:${at}${mode}`),
  fc.record({
    type: fc.constant('bind'),
    source: fc.constantFrom('/a', '/b'),
    target: fc.constantFrom('/x', '/y'),
    read_only: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('volume'),
    source: fc.constantFrom('data', 'extra'),
    target: fc.constantFrom('/x', '/y'),
  }),
);
const size = fc.constantFrom('1g', '2GiB', '512 mb', '1.5g', 1073741824, '100000k');
const duration = fc.constantFrom('5s', '1m30s', '1.5s', '250ms');
const distinct = <T>(items: fc.Arbitrary<T>) =>
  fc.uniqueArray(items, { minLength: 1, maxLength: 3, selector: (item) => JSON.stringify(item) });
const command = fc.oneof(
  fc.constantFrom('a b', 'run \'x y\' "z"', 'c'),
  fc.array(fc.constantFrom('a', '$SET', 'b c', '$$'), { maxLength: 3 }),
);
const limit = fc.oneof(fc.constantFrom(5, 7), fc.constant({ soft: 1, hard: 2 }), fc.constant({ soft: 3, hard: -1 }));

/** Lists that Compose appends and wants without doubles: each file has its own entries. */
const appended = {
  base: {
    security_opt: ['no-new-privileges:true', 'label=disable'],
    devices: ['/dev/fuse', '/dev/null:/dev/x:r'],
    group_add: ['a', '5'],
    hosts: { listed: ['a=1.1.1.1', 'b:2.2.2.2', 'c=::1'], names: ['a', 'd'] },
  },
  overlay: {
    security_opt: ['apparmor=unconfined'],
    devices: ['/dev/zero:/dev/y'],
    group_add: ['c'],
    hosts: { listed: ['e=1.1.1.1', 'a=5.5.5.5'], names: ['f', 'b'] },
  },
};

/** Any service that Compose and Slipway both take, for one of the files. */
export const randomService = (side: 'base' | 'overlay'): fc.Arbitrary<RandomService> =>
  fc
    .record(
      {
        environment,
        labels: keyValues,
        sysctls: fc.dictionary(
          fc.constantFrom('net.core.somaxconn', 'net.ipv4.ip_forward'),
          fc.constantFrom(1, '2', '${UNSET:-3}'),
          { minKeys: 1 },
        ),
        ports: distinct(port),
        volumes: distinct(mount),
        tmpfs: fc.oneof(
          fc.constantFrom('/run', '/tmp:size=1m'),
          distinct(fc.constantFrom('/run', '/tmp:size=1m', '/tmp:size=2m')),
        ),
        command,
        entrypoint: command,
        user: text,
        working_dir: fc.constantFrom('/w', '/$SET'),
        hostname: text,
        privileged: fc.constantFrom(true, false, '${UNSET:-true}'),
        cap_add: distinct(fc.constantFrom('NET_ADMIN', 'SYS_TIME')),
        cap_drop: distinct(fc.constantFrom('ALL', 'NET_RAW')),
        security_opt: distinct(fc.constantFrom(...appended[side].security_opt)),
        devices: distinct(fc.constantFrom(...appended[side].devices)),
        group_add: distinct(fc.constantFrom(...appended[side].group_add)),
        read_only: fc.boolean(),
        init: fc.boolean(),
        shm_size: size,
        ulimits: fc.dictionary(fc.constantFrom('nofile', 'nproc'), limit),
        extra_hosts: fc.oneof(
          distinct(fc.constantFrom(...appended[side].hosts.listed)),
          fc.dictionary(fc.constantFrom(...appended[side].hosts.names), fc.constantFrom('3.3.3.3', '::2'), {
            minKeys: 1,
          }),
        ),
        dns: fc.oneof(fc.constant('1.1.1.1'), distinct(fc.constantFrom('8.8.8.8', '1.1.1.1'))),
        restart: fc.constantFrom('always', 'no', 'unless-stopped', 'on-failure', 'on-failure:3'),
        stop_signal: fc.constantFrom('SIGINT', 'SIGTERM'),
        stop_grace_period: duration,
        healthcheck: fc.record(
          {
            test: fc.oneof(fc.constant('echo $SET'), fc.constant(['CMD', 'a', '$$'])),
            interval: duration,
            timeout: duration,
            retries: fc.constantFrom(1, 3),
          },
          { requiredKeys: ['test'] },
        ),
        logging: fc.record(
          {
            driver: fc.constantFrom('json-file', 'local'),
            options: fc.dictionary(fc.constantFrom('max-size', 'max-file'), fc.constantFrom('1', '$SET')),
          },
          { requiredKeys: ['driver'] },
        ),
        mem_limit: size,
        memswap_limit: fc.constantFrom(-1, '4g'),
        cpus: fc.constantFrom('0.5', 1.25, 2),
        pids_limit: fc.constantFrom(5, -1),
        oom_score_adj: fc.constantFrom(0, -5, 100),
      },
      { requiredKeys: [] },
    )
    .map((service) => Object.fromEntries(Object.entries(service)));

/** `!reset` and `!override` for some keys of an overlay, by key. */
export const randomTags = fc.dictionary(
  fc.constantFrom('environment', 'ports', 'labels', 'user', 'cap_add', 'logging', 'command', 'tmpfs', 'volumes'),
  fc.constantFrom('!reset', '!override'),
  { maxKeys: 2 },
);

/** A service as one line of YAML. */
export const serviceText = (service: RandomService, tags: Readonly<Record<string, string>> = {}): string =>
  `{${Object.entries(service)
    .map(([key, value]) => `${JSON.stringify(key)}: ${tags[key] ?? ''} ${JSON.stringify(value)}`)
    .join(', ')}}`;

/** A file of named services, each of them a line. */
export const fileOf = (services: Readonly<Record<string, string>>): string =>
  `services:\n${Object.entries(services)
    .map(([key, text]) => `  ${key}: ${text}`)
    .join('\n')}\nvolumes: {data: {}, extra: {external: true}}\n`;
