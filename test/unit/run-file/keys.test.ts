import { refusedOfDeploy, refusedOfService, refusedOfTop } from '../../../src/run-file/refused-keys.js';
import { keyReference, serviceKeys } from '../../../src/run-file/schema.js';
import { faultsOf, reading, service } from './reading.js';

test('the supported keys of a service are those of the contract', () => {
  const supported =
    'ports environment volumes tmpfs command entrypoint user working_dir hostname privileged cap_add cap_drop security_opt devices group_add read_only init shm_size ulimits sysctls extra_hosts dns network_mode restart stop_signal stop_grace_period healthcheck logging labels mem_limit memswap_limit cpus pids_limit oom_score_adj deploy x-slipway image';
  expect(Object.keys(serviceKeys).sort()).toEqual(supported.split(' ').sort());
});

test('the reference has every key once, with a sentence', () => {
  const reference = keyReference();
  const paths = reference.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toEqual(
    expect.arrayContaining([
      'services.NAME.ports[].published',
      'services.NAME.deploy.resources.limits.memory',
      'services.NAME.x-slipway.verify.json',
      'volumes.NAME.external',
    ]),
  );
  expect(reference.filter(({ about }) => !/\.$/.test(about))).toEqual([]);
});

test.each(Object.entries(refusedOfService))('%s is refused with advice', (key, advice) => {
  expect(faultsOf(service(`${key}: {a: b}`))).toEqual([`compose.yaml:3:5 \`${key}\` is not supported. ${advice}`]);
});

test.each(Object.entries(refusedOfDeploy))('deploy.%s is refused with advice', (key, advice) => {
  expect(faultsOf(service(`deploy: {${key}: 3}`))).toEqual([
    `compose.yaml:3:14 \`${key}\` is not supported. ${advice}`,
  ]);
});

test.each(Object.entries(refusedOfTop))('%s at the top is refused with advice', (key, advice) => {
  expect(faultsOf(`${service('user: a')}${key}: {a: b}\n`)).toEqual([
    `compose.yaml:4:1 \`${key}\` is not supported. ${advice}`,
  ]);
});

test.each([
  ['prots: ["80:80"]', '3:5 The key "prots" is unknown here. Did you mean `ports`?'],
  ['buidl: .', `3:5 The key "buidl" is unknown here. Did you mean \`build\`? ${refusedOfService.build}`],
  ['restart_policy: a', '3:5 The key "restart_policy" is unknown here. Remove it.'],
  ['healthcheck: {tset: a}', '3:19 The key "tset" is unknown here. Did you mean `test`?'],
  ['ports: [{target: 80, publish: 80}]', '3:26 The key "publish" is unknown here. Did you mean `published`?'],
  [
    'volumes: [{type: tmpfs, target: /a}]',
    '3:15 The `type` of a volume has to be `bind` or `volume`; folders in memory go under `tmpfs`.',
  ],
  ['x-slipway: {verfy: {}}', '3:17 The key "verfy" is unknown here. Did you mean `verify`?'],
  [
    'deploy: {resources: {reservations: {}}}',
    '3:26 `reservations` is not supported. Set limits; nothing is reserved on a host.',
  ],
])('%s is a fault', (lines, fault) => {
  expect(faultsOf(service(lines))).toEqual([`compose.yaml:${fault}`]);
});

test.each([
  ['ports: 80', '`ports` has to be a list.'],
  ['ports:', '`ports` has no value. Give it one, or remove the key.'],
  ['environment: a', '`environment` has to be a mapping or a list of `NAME=value`.'],
  ['environment: {A: [b]}', '"A" has to be a single value.'],
  ['user: {a: b}', '`user` has to be a single value.'],
  ['command: {a: b}', '`command` has to be a single value or a list.'],
  ['ulimits: [a]', '`ulimits` has to be a mapping.'],
  ['healthcheck: a', '`healthcheck` has to be a mapping.'],
  ['ports: [[a]]', 'Each entry of `ports` has to be a single value or a mapping.'],
])('%s has the wrong form', (lines, message) => {
  expect(reading(service(lines)).faults.map((fault) => fault.message)).toEqual([message]);
});

test('x-… is allowed at both levels, and means nothing', () => {
  const text = `x-top: {a: [b, $GONE]}\n${service('x-own: {a: $GONE}\nuser: a')}`;
  expect(reading(text)).toMatchObject({ faults: [], warnings: [] });
});

test('name and version are warnings', () => {
  const { faults, warnings } = reading(`name: a\nversion: "3"\n${service('user: a')}`);
  expect(faults).toEqual([]);
  expect(warnings.map(({ line, message }) => [line, message])).toEqual([
    [1, '`name` has no effect; remove it.'],
    [2, '`version` has no effect; remove it.'],
  ]);
});

test.each([
  ['abc/web', []],
  ['registry.example/abc/web', []],
  ['abc/web:1.0', ['The tag or digest of `image` has no effect; the release says which image it is.']],
  [
    `abc/web@sha256:${'0'.repeat(64)}`,
    ['The tag or digest of `image` has no effect; the release says which image it is.'],
  ],
])('the image may be %s', (image, messages) => {
  const { faults, warnings } = reading(service(`image: ${image}`));
  expect(faults).toEqual([]);
  expect(warnings.map(({ message }) => message)).toEqual(messages);
});

test.each(['abc/other', 'other.example/abc/web', 'web', 'ABC', 'registry.example/abc/web/x', '""'])(
  'another image %s is a fault',
  (image) => {
    expect(faultsOf(service(`image: ${image}`))).toEqual([
      'compose.yaml:3:12 `image` has to be the service\'s own, "registry.example/abc/web". Remove the key; the release says which image it is.',
    ]);
  },
);
