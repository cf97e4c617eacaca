import fc from 'fast-check';
import { MAX_RUN_FILE_BYTES } from '../../../src/run-file/document.js';
import { readRunFile } from '../../../src/run-file/run-file.js';
import { faultsOf, reading, requestFor, service } from '../../unit/run-file/reading.js';

const kib = 1024;
const times = (count: number, text: string): string => text.repeat(count);
const big = 250 * kib;

/** Texts that cost a careless reader its stack, its memory or its afternoon. */
const hostile: Readonly<Record<string, string>> = {
  'brackets that open': times(big, '['),
  'fewer brackets that open': times(90_000, '['),
  'braces that open': times(big / 3, '{a:'),
  'lists in lists': times(big / 2, '- '),
  'mappings in mappings': times(big / 4, '? a '),
  'deep indentation': Array.from({ length: 700 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  'aliases that double': `a0: &a0 [x,x]\n${Array.from({ length: 60 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at},*a${at}]`).join('\n')}`,
  'merge keys that double': `x0: &a0 {k: v}\n${Array.from({ length: 60 }, (_, at) => `x${at + 1}: &a${at + 1} {a: *a${at}, b: *a${at}, <<: [*a${at}, *a${at}]}`).join('\n')}`,
  'an alias inside of itself': 'services: &a {web: *a}',
  'many values': `a: [${times(big / 2 - 10, 'x,')}]`,
  'many keys': Array.from({ length: 20_000 }, (_, at) => `k${at}: 1`).join('\n'),
  'many equal keys': times(big / 5, 'a: b\n'),
  'many anchors': Array.from({ length: 9_000 }, (_, at) => `k${at}: &a${at} 1`).join('\n'),
  'many tags': times(big / 10, '- !x a\n'),
  'many documents': times(big / 4, '---\n'),
  'many quotes': times(big, '"'),
  'many colons': times(big, ':'),
  'many comments': times(big / 2, '#\n'),
  'many tabs': times(big, '\t'),
  'braces of variables': service(`user: "${times(big / 8, '${A:-')}"`),
  'braces of variables that close': service(`user: "${times(big / 12, '${A:-')}${times(big / 12, '}')}"`),
  'braces in defaults': service(`user: "${times(big / 10, '${A:-{')}}"`),
  'variables that grow': service(`environment: {A: "${times(big / 7, '$LONG ')}"}`),
  'missing variables': service(`environment: {A: "${times(big / 7, '$GONE ')}"}`),
  'a long number': service(`mem_limit: ${times(big, '9')}`),
  'a long duration': service(`stop_grace_period: ${times(big / 2, '1s')}`),
  'a long port': service(`ports: ["${times(big, '1:')}"]`),
  'a long command': service(`command: ${times(big / 2, 'a ')}`),
  'a long unknown key': service(`${times(1000, 'k')}: 1`),
  'many ports': service(`ports: [${Array.from({ length: 9_000 }, (_, at) => at + 1).join(',')}]`),
  'many unknown keys': service(Array.from({ length: 5_000 }, (_, at) => `key${at}: 1`).join('\n')),
};

const given = { variables: { LONG: times(10 * kib, 'x') } };

test.each(Object.entries(hostile))('%s end in a fault, or in parameters', (_, text) => {
  const before = performance.now();
  const { result, faults } = reading(text, given);
  // A guard: these take milliseconds, and would take minutes if work grew with the square of the text.
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(result === null).toBe(faults.length > 0);
  expect(faults.length).toBeLessThanOrEqual(100);
  expect(Math.max(0, ...faults.map(({ message }) => message.length))).toBeLessThan(2_000);
});

test('a file over the limit, or not in UTF-8, is one fault', () => {
  const read = (bytes: Uint8Array) => {
    const request = requestFor('');
    return readRunFile({ ...request, base: { path: 'compose.yaml', bytes } }).faults.map(({ message }) => message);
  };
  expect(read(Buffer.alloc(MAX_RUN_FILE_BYTES + 1, '#'))).toEqual(['The file is larger than 256 KiB.']);
  expect(read(Buffer.alloc(MAX_RUN_FILE_BYTES, '#'))).toEqual([]);
  expect(read(Buffer.from([0xff, 0xfe, 0x41]))).toEqual(['The file is not UTF-8.']);
});

test.each([
  ['fewer brackets that open', 'The file nests deeper than 32 levels.'],
  ['deep indentation', 'The file nests deeper than 32 levels.'],
  ['brackets that open', 'The file has more parts than a run file needs.'],
  ['variables that grow', 'The values of this file come to more than 1048576 characters.'],
])('%s are called what they are', (name, message) => {
  expect(reading(hostile[name] ?? '', given).faults.map((fault) => fault.message)).toContain(message);
});

test('aliases count with what they stand for', () => {
  const wide = Array.from({ length: 5 }, (_, at) => `a${at + 1}: &a${at + 1} [${times(10, `*a${at},`)}]`).join('\n');
  expect(faultsOf(`a0: &a0 [x]\n${wide}`)).toContainEqual(expect.stringContaining('more than 10000 values'));
  const chain = Array.from({ length: 40 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]`).join('\n');
  expect(faultsOf(`a0: &a0 [x]\n${chain}`)).toContainEqual(expect.stringContaining('more than 32 levels'));
});

/** Pieces of YAML and of run files, in any order. */
const pieces = fc.constantFrom(
  'services:',
  ' web:',
  '\n',
  '  ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '<<: ',
  '!reset ',
  '!override ',
  '!!str ',
  '"',
  "'",
  '|',
  '>',
  '#',
  '$',
  '${',
  '${A',
  ':-',
  '}',
  ',',
  '\t',
  '\0',
  '?',
  'ports',
  'environment',
  'volumes',
  'command',
  'null',
  '0777',
  '8g',
  'é',
  '\u2028',
  '%',
  '---',
  '...',
  '~',
  '@',
);

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), fc.array(pieces, { maxLength: 20 }), (base, overlay) => {
      const { result, faults } = reading(base.join(''), { overlay: overlay.join('') });
      expect(result === null).toBe(faults.length > 0);
      for (const { line, column } of faults) expect(Math.min(line, column)).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test('no value of a key makes the reader throw', () => {
  const value = fc.oneof(fc.string(), fc.jsonValue(), fc.integer());
  const keys = fc.constantFrom(
    'ports',
    'environment',
    'volumes',
    'tmpfs',
    'command',
    'healthcheck',
    'logging',
    'ulimits',
    'deploy',
    'x-slipway',
    'devices',
    'extra_hosts',
    'dns',
    'labels',
    'sysctls',
    'mem_limit',
    'cpus',
    'restart',
    'image',
    'init',
  );
  fc.assert(
    fc.property(fc.dictionary(keys, value), fc.dictionary(keys, value), (base, overlay) => {
      const { result, faults } = reading(JSON.stringify({ services: { web: base } }), {
        overlay: JSON.stringify({ services: { web: overlay } }),
      });
      expect(result === null).toBe(faults.length > 0);
    }),
    { numRuns: 1_000 },
  );
});
