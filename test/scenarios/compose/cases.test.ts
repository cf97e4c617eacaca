import { composeConfig, type ComposeAnswer } from '../../support/compose.js';
import { mergedByUs } from '../../support/compose-files.js';

const variables = { SET: 'value', EMPTY: '', DOLLAR: 'a$b${c}', NUMBER: '8080', SPACE: 'a b' };
const known = new Map(Object.entries(variables).map(([name, value]) => [name, { value, secret: false }]));

const one = (lines: string): string => `services: {web: {image: x, ${lines}}}\n`;

/** What Compose makes of the files themselves, and of what we merge them to. `x-…` of the top have no effect. */
async function bothWays(files: readonly string[]) {
  const merged = mergedByUs(files, known);
  const [byCompose, again] = await Promise.all([
    composeConfig(files, variables),
    'faults' in merged ? null : composeConfig([merged.text], variables),
  ]);
  return { byCompose: effective(byCompose), byUs: 'faults' in merged || again === null ? merged : effective(again) };
}

const effective = (answer: ComposeAnswer) =>
  'error' in answer ? answer : { services: answer.project.services, volumes: answer.project.volumes };

const same: readonly (readonly [string, readonly string[]])[] = [
  // interpolation
  ['named variables', [one('environment: {A: $SET, B: "${SET}", C: "x$SET-y", D: "$SET$NUMBER"}')]],
  [
    'defaults',
    [one('environment: {A: "${SET:-d}", B: "${EMPTY:-d}", C: "${UNSET:-d}", D: "${EMPTY-d}", E: "${UNSET-d}"}')],
  ],
  ['required', [one('environment: {A: "${SET:?m}", B: "${EMPTY?m}"}')]],
  [
    'alternatives',
    [one('environment: {A: "${SET:+i}", B: "${EMPTY:+i}", C: "${UNSET:+i}", D: "${EMPTY+i}", E: "${UNSET+i}"}')],
  ],
  [
    'nested defaults',
    [one('environment: {A: "${UNSET:-${SET}}", B: "${UNSET:-a${UNSET:-b${SET:+c}}d}", C: "${EMPTY:-$SET}x"}')],
  ],
  [
    'several on a line',
    [one('environment: {A: "${SET:-a}-${UNSET:-b}}-${SET}", B: "${UNSET:-a} and ${UNSET-b} $SET"}')],
  ],
  [
    'braces in a default',
    [one('environment: {A: "${UNSET:-{x}}", B: "${UNSET:-{\\"a\\":1}}y", C: "{${SET}}", D: "${UNSET-{}}"}')],
  ],
  ['operators in a default', [one('environment: {A: "${UNSET-a:-b}", B: "${UNSET:-a-b?c+d}", C: "${UNSET:-:?}"}')]],
  ['escapes', [one('environment: {A: "$$SET", B: "a$$$$b", C: "$$${SET}", D: "$${SET}", E: "${UNSET:-$$SET}"}')]],
  ['dollars that begin nothing', [one('environment: {A: "$1", B: "a $ b", C: "end$", D: "$-", E: "$."}')]],
  ['values are not read again', [one('environment: {A: $DOLLAR, B: "${UNSET:-$DOLLAR}"}')]],
  ['lines', [one('environment: {A: "a\\n${SET}\\n${UNSET:-b}\\n"}')]],
  [
    'a number from a variable',
    [one('ports: ["${NUMBER}:${NUMBER}"], mem_limit: "${UNSET:-8g}", init: "${UNSET:-true}"')],
  ],
  ['names without a value', [one('environment: {SET: , EMPTY: }'), one('environment: [NUMBER, SPACE]')]],
  ['keys are not interpolated', [one('environment: {"$SET": a}, labels: {"a$SET": "$SET"}')]],
  [
    'anchors and merge keys',
    [
      'x-a: &a {A: $SET, B: b}\nservices:\n  web:\n    image: x\n    environment:\n      <<: *a\n      B: c\n    labels: &l [a=b]\n    cap_add: &c [NET_RAW]\n    cap_drop: *c\n',
    ],
  ],
  [
    'several merge keys',
    ['x-a: &a {A: 1, B: 2}\nx-b: &b {B: 3, C: 4}\nservices: {web: {image: x, environment: {<<: [*b, *a], C: 5}}}\n'],
  ],
  [
    'plain scalars',
    [
      one(
        'environment: {A: 0777, B: 1_000, C: 0x1F, D: 1.10, E: 1e3, F: yes, G: True, H: 0b11, I: 0o17, J: 09, K: +5, L: .5, M: 1000000.5, N: 123456789012345678901, O: -0.0, P: 0.00001}',
      ),
    ],
  ],
  ['quoted scalars', [one(`environment: {A: '1.10', B: "yes", C: '~', D: "null", E: !!str 5, F: "tab\\there"}`)]],
  [
    'block scalars',
    [
      'services:\n  web:\n    image: x\n    environment:\n      A: |\n        one\n        two $SET\n      B: >-\n        folded\n        text\n',
    ],
  ],
  // merge
  ['single values', [one('user: a, hostname: h, mem_limit: 1g'), one('user: b, working_dir: /w, mem_limit: 2g')]],
  ['environment as maps', [one('environment: {A: 1, B: 2}'), one('environment: {B: 3, C: 4}')]],
  ['environment as lists', [one('environment: [A=1, B=2, A=5]'), one('environment: [B=3, C=, D=x=y]')]],
  [
    'environment in both forms',
    [one('environment: [A=1, SET, B=2]'), one('environment: {A: 1.50, B: , NUMBER: 0777}')],
  ],
  ['labels in both forms', [one('labels: [a=1, b]'), one('labels: {b: 2, c: , d: true}')]],
  [
    'sysctls in both forms',
    [one('sysctls: {net.core.somaxconn: 1024, net.ipv4.ip_forward: 0}'), one('sysctls: [net.ipv4.ip_forward=1]')],
  ],
  [
    'ports',
    [
      one('ports: ["80:80", "127.0.0.1:81:81", "82:82/udp", "83"]'),
      one('ports: ["80:80/tcp", {target: 82, published: "82", protocol: tcp}, "84:84"]'),
    ],
  ],
  ['ports of every address', [one('ports: ["80:80"]'), one('ports: ["0.0.0.0:80:80", "[::1]:80:80"]')]],
  [
    'volumes by target',
    [one('volumes: ["/a:/x", "/b:/y:ro"]'), one('volumes: ["/c:/x:ro", {type: bind, source: /d, target: /z}]')],
  ],
  [
    'volumes in both forms',
    [
      `${one('volumes: ["data:/x", {type: volume, source: data, target: /y, read_only: true}]')}volumes: {data: , extra: {external: true}}\n`,
      `${one('volumes: ["extra:/y/../y"]')}volumes: {data: {name: n}}\n`,
    ],
  ],
  [
    'capabilities',
    [one('cap_add: [NET_ADMIN, SYS_TIME], cap_drop: [ALL]'), one('cap_add: [SYS_TIME, NET_RAW], cap_drop: [ALL]')],
  ],
  ['name servers', [one('dns: 1.1.1.1'), one('dns: [8.8.8.8, 1.1.1.1]')]],
  ['folders in memory', [one('tmpfs: /run'), one('tmpfs: ["/tmp:size=64m", "/run:mode=1777"]')]],
  ['folders in memory with options', [one('tmpfs: ["/tmp:size=1m"]'), one('tmpfs: "/tmp:size=2m"')]],
  ['host names', [one('extra_hosts: ["a=1.1.1.1", "b:2.2.2.2", "c=::1"]'), one('extra_hosts: {a: 3.3.3.3, d: "::2"}')]],
  ['host names with colons', [one('extra_hosts: ["a:1.1.1.1"]'), one('extra_hosts: ["a:2.2.2.2", "a:1.1.1.1"]')]],
  ['security options', [one('security_opt: ["label=disable"]'), one('security_opt: ["no-new-privileges:true"]')]],
  ['groups', [one('group_add: [a, "5"]'), one('group_add: [b]')]],
  ['commands', [one('command: a b, entrypoint: [e, f]'), one('command: [c], entrypoint: "x y"')]],
  ['a command that is taken back', [one('command: a b, entrypoint: e'), one('command: , entrypoint: ')]],
  [
    'health checks',
    [
      one('healthcheck: {test: [CMD, a], interval: 5s, retries: 2}'),
      one('healthcheck: {test: echo b, timeout: 1m30s}'),
    ],
  ],
  [
    'logging with one driver',
    [
      one('logging: {driver: json-file, options: {max-size: 1m, max-file: "2"}}'),
      one('logging: {driver: json-file, options: {max-size: 2m}}'),
    ],
  ],
  [
    'logging with another driver',
    [one('logging: {driver: json-file, options: {max-size: 1m}}'), one('logging: {driver: local}')],
  ],
  [
    'logging without a driver',
    [one('logging: {driver: local, options: {max-size: 1m}}'), one('logging: {options: {max-file: 3}}')],
  ],
  [
    'process limits',
    [
      one('ulimits: {nofile: {soft: 1, hard: 2}, nproc: 5}'),
      one('ulimits: {nofile: 7, nproc: {soft: 3, hard: 4}, core: 0}'),
    ],
  ],
  [
    'limits of deploy',
    [
      one('deploy: {resources: {limits: {cpus: "0.5", memory: 1g}}}'),
      one('deploy: {resources: {limits: {memory: 2g, pids: 5}}}'),
    ],
  ],
  ['devices', [one('devices: ["/dev/null:/dev/a"]'), one('devices: ["/dev/null:/dev/b:r"]')]],
  [
    'devices at one place',
    [one('devices: ["/dev/null:/dev/a", "/dev/zero"]'), one('devices: ["/dev/full:/dev/a:r", "/dev/zero:/dev/zero"]')],
  ],
  // tags
  ['reset of a value', [one('user: a, privileged: true'), one('user: !reset null, privileged: !reset false')]],
  [
    'reset of lists',
    [
      one('ports: ["80:80"], cap_add: [ALL], dns: 1.1.1.1'),
      one('ports: !reset [], cap_add: !reset , dns: !reset 8.8.8.8'),
    ],
  ],
  [
    'reset of an entry of a mapping',
    [
      one('environment: {A: 1, B: 2}, labels: {a: b}'),
      one('environment: {A: !reset null, C: 3}, labels: {a: !reset null}'),
    ],
  ],
  ['reset of an entry of a list', [one('environment: [A=1, B=2]'), one('environment: {A: !reset null, C: 3}')]],
  [
    'reset deep inside',
    [
      one('healthcheck: {test: a, interval: 5s}, logging: {driver: local, options: {max-size: 1m, max-file: "1"}}'),
      one('healthcheck: {interval: !reset 1s}, logging: {options: {max-size: !reset null}}'),
    ],
  ],
  ['reset in the first file', [one('user: !reset a, ports: !reset ["1:1"], environment: {A: !reset b, B: c}')]],
  ['reset of what is not there', [one('init: true'), one('user: !reset a, environment: {A: !reset b}')]],
  [
    'override of lists',
    [one('ports: ["80:80"], cap_add: [ALL]'), one('ports: !override ["81:81"], cap_add: !override [NET_RAW]')],
  ],
  [
    'override of mappings',
    [
      one('environment: {A: 1}, logging: {driver: local, options: {max-size: 1m}}'),
      one('environment: !override {B: 2}, logging: !override {driver: local}'),
    ],
  ],
  [
    'override inside of a mapping',
    [one('logging: {driver: local, options: {max-size: 1m}}'), one('logging: {options: !override {max-file: "2"}}')],
  ],
  ['reset of an item', [one('ports: ["80:80"]'), one('ports: [!reset "81:81", "82:82"]')]],
];

test.each(same)('%s mean to Compose what they mean to us', async (_, files) => {
  const { byCompose, byUs } = await bothWays(files);
  expect(byCompose).toHaveProperty('services.web');
  expect(byUs).toEqual(byCompose);
});

const refusedByBoth: readonly (readonly [string, readonly string[]])[] = [
  ['a required variable', [one('environment: {A: "${UNSET:?it is needed}"}')]],
  ['a required variable that is empty', [one('environment: {A: "${EMPTY:?it is needed}"}')]],
  ['braces that begin no variable', [one('environment: {A: "${1}"}')]],
  ['braces without an end', [one('environment: {A: "${SET"}')]],
  ['a default over two lines', [one('environment: {A: "${UNSET:-a\\nb}"}')]],
  ['a list over a mapping', [one('logging: {driver: local}'), one('logging: [a]')]],
  ['a mapping over a list', [one('ports: ["1:1"]'), one('ports: {a: b}')]],
  ['an unknown key', [one('portz: ["1:1"]')]],
  ['a key that appears twice', ['services:\n  web:\n    image: x\n    user: a\n    user: b\n']],
  ['an unknown anchor', [one('user: *a')]],
];

test.each(refusedByBoth)('%s is refused as Compose does', async (_, files) => {
  const { byCompose, byUs } = await bothWays(files);
  expect(byCompose).toHaveProperty('error');
  expect(byUs).toMatchObject({ faults: [{ code: expect.any(String) }] });
});
