import { faultsOf, parametersOf, reading, service } from './reading.js';

const messages = (text: string, overlay?: string) => faultsOf(text, overlay === undefined ? {} : { overlay });

test('every fault of both files is listed, with its place', () => {
  const base = service('buildd: .\nports: [1-2]\nenvironment:\n  A: $GONE\nmem_limit: much');
  const overlay = service('container_name: x\nuser: [a]');
  const { faults, result } = reading(base, { overlay });
  expect(result).toBeNull();
  expect(faults.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`)).toEqual([
    'compose.yaml:3:5 run-file-invalid',
    'compose.yaml:4:13 run-file-invalid',
    'compose.yaml:6:10 variable-missing',
    'compose.yaml:7:16 run-file-invalid',
    'compose.production.yaml:3:5 run-file-invalid',
    'compose.production.yaml:4:11 run-file-invalid',
  ]);
});

test.each([
  ['a: b: c', 'compose.yaml:1:4 A list or mapping stands where a value has to be; check the indentation.'],
  ['a: [b', 'compose.yaml:1:6 The indentation is wrong, or a bracket is not closed.'],
  ['a:\n\t- b', 'compose.yaml:2:1 A tab is used for indentation; use spaces.'],
  ['services: *gone', 'compose.yaml:1:11 No anchor before this alias is called "gone".'],
  ['services: &a\n  web: *a', 'compose.yaml:2:8 The alias "a" stands inside of what it names.'],
  ['a: 1\n---\nb: 2', 'compose.yaml:2:1 There is more than one document; keep one.'],
  ['- a', 'compose.yaml:1:1 The file has to be a mapping with the key `services`.'],
  [
    'services: !!binary aGk=',
    'compose.yaml:1:20 The tag "tag:yaml.org,2002:binary" is not supported; there are `!reset`, `!override` and `!!str`.',
  ],
  [service('user: a\nuser: b'), 'compose.yaml:4:5 The key "user" appears twice.'],
  [
    service('environment: {A: 2001-02-03}'),
    'compose.yaml:3:22 "2001-02-03" is a date or no finite number in YAML; put it in quotes if it is a text.',
  ],
  [
    service('environment: {A: .inf}'),
    'compose.yaml:3:22 ".inf" is a date or no finite number in YAML; put it in quotes if it is a text.',
  ],
  [service('? [a]\n: b'), 'compose.yaml:3:7 A key has to be a plain text.'],
  [service('<<: 5'), 'compose.yaml:3:5 `<<` takes an alias of a mapping, or a list of such aliases.'],
  [service('user: "a\\0b"'), 'compose.yaml:3:11 No value may contain a NUL character.'],
])('%j is a fault', (text, fault) => {
  expect(messages(text)).toContain(fault);
});

test.each(['', '\n', '# nothing\n', '---\n'])('an empty file %j means the defaults', (text) => {
  expect(parametersOf(text)).toEqual(parametersOf(null));
});

test.each([
  ['services:', 'compose.yaml:1:1 `services` has no value. Give it one, or remove the key.'],
  ['services: {}', 'compose.yaml:1:1 The file has no service. Write it under `services`.'],
  ['x-a: 1', 'compose.yaml:1:1 The file has no service. Write it under `services`.'],
  ['services: {a: {}, b: {}}', 'compose.yaml:1:19 `b` is a second service beside `a`. A run file has exactly one.'],
])('%j has not exactly one service', (text, fault) => {
  expect(messages(text)).toContain(fault);
});

test('an overlay for another service is a fault at its place', () => {
  expect(messages(service('user: a'), 'services:\n  wep:\n    user: b\n')).toEqual([
    'compose.production.yaml:2:3 `wep` is a second service beside `web`. A run file has exactly one.',
  ]);
});

test('anchors, aliases and merge keys are resolved', () => {
  const text =
    'x-env: &env {A: "1", B: "2"}\nservices:\n  web:\n    environment: {<<: *env, B: "3"}\n    cap_add: &caps [SYS_TIME]\n    cap_drop: *caps\n';
  const { environment, capAdd, capDrop } = parametersOf(text);
  expect(Object.entries(environment).map(([name, { value }]) => [name, value])).toEqual([
    ['A', '1'],
    ['B', '3'],
  ]);
  expect([capAdd, capDrop]).toEqual([['SYS_TIME'], ['SYS_TIME']]);
});

test('a number that YAML writes otherwise is a warning', () => {
  const { warnings } = reading(service('environment: {A: 1.10, B: "1.10", C: 8080, D: 0777}\nlabels: {v: 1_0}'));
  expect(warnings).toEqual([
    {
      file: 'compose.yaml',
      line: 3,
      column: 22,
      message: '"1.10" without quotes means "1.1". Put it in quotes if it is a text.',
    },
    {
      file: 'compose.yaml',
      line: 3,
      column: 51,
      message: '"0777" without quotes means "511". Put it in quotes if it is a text.',
    },
    {
      file: 'compose.yaml',
      line: 4,
      column: 17,
      message: '"1_0" without quotes means "10". Put it in quotes if it is a text.',
    },
  ]);
});
