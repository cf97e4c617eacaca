/** What Compose does is compared with real Compose in test/scenarios/compose/. */
import { faultsOf, parametersOf, reading, service } from './reading.js';

const merged = (base: string, overlay: string) => parametersOf(service(base), { overlay: service(overlay) });

test.each([
  ['user: a', 'user: b', { user: 'b' }],
  ['cap_add: [SYS_TIME]', 'cap_add: [NET_RAW]', { capAdd: ['NET_RAW', 'SYS_TIME'] }],
  ['cap_add: [SYS_TIME]', 'cap_add: !override [NET_RAW]', { capAdd: ['NET_RAW'] }],
  ['cap_add: [SYS_TIME]', 'cap_add: !reset []', { capAdd: [] }],
  ['command: [a, b]', 'command: c', { command: ['c'] }],
  ['command: [a, b]', 'command: ', { command: null }],
  ['ulimits: {nofile: {soft: 1, hard: 2}}', 'ulimits: {nofile: 5}', { ulimits: { nofile: { soft: 5, hard: 5 } } }],
  ['labels: [a=1, b=2]', 'labels: {b: 3}', { labels: { a: '1', b: '3' } }],
  [
    'logging: {driver: local, options: {max-size: 1m}}',
    'logging: {driver: json-file}',
    { logging: { driver: 'json-file', options: {} } },
  ],
  [
    'logging: {options: {max-size: 1m}}',
    'logging: {options: {max-file: 2}}',
    { logging: { driver: 'json-file', options: { 'max-size': '1m', 'max-file': '2' } } },
  ],
])('%s and %s', (base, overlay, fields) => {
  expect(merged(base, overlay)).toMatchObject(fields);
});

test('a list over a mapping is a fault that says what to write', () => {
  expect(
    faultsOf(service('ulimits: {nofile: 5}\nextra_hosts: [a=1.1.1.1]'), {
      overlay: service('extra_hosts: {b: 2.2.2.2}\nvolumes: ["/a:/b"]'),
    }),
  ).toEqual([]);
  expect(
    faultsOf(service('ulimits: {nofile: 5}\nx-slipway: {verify: {path: /a}}'), { overlay: 'services: []' }),
  ).toEqual(['compose.production.yaml:1:11 `services` has to be a mapping.']);
});

test('a reset of a name is a warning where the file below has a list', () => {
  const { result, warnings } = reading(service('environment: [A=1]'), {
    overlay: service('environment: {A: !reset null}'),
  });
  expect(Object.keys(result?.parameters.environment ?? {})).toEqual(['A']);
  expect(warnings).toMatchObject([
    {
      file: 'compose.production.yaml',
      line: 3,
      message: '`!reset` has no effect here, for the file below has a list; write a mapping there.',
    },
  ]);
});

test('a secret stays one through both forms', () => {
  const { environment } = parametersOf(service('environment: [A=$PASSWORD]'), {
    overlay: service('environment: {B: "x$PASSWORD"}'),
    secrets: { PASSWORD: 's3cret' },
  });
  expect(environment).toEqual({
    A: { value: 's3cret', secret: true, written: '${PASSWORD}' },
    B: { value: 'xs3cret', secret: true, written: 'x${PASSWORD}' },
  });
});

test('an overlay alone can take back what needs a variable', () => {
  expect(parametersOf(service('user: a'), { overlay: service('user: !reset $GONE') }).user).toBeNull();
});
