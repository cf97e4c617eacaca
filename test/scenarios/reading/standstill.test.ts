/**
 * Small files that once kept the server from answering for seconds to minutes. Each is read in a thread whose deadline is far above what
 * it takes now and far below what it took.
 */
import { jest } from '@jest/globals';
import { Effort } from '../../../src/effort.js';
import { readDockerfile } from '../../../src/image/dockerfile/dockerfile.js';
import { MAX_INSTRUCTIONS } from '../../../src/image/dockerfile/lines.js';
import { createIgnore } from '../../../src/patterns/dockerignore.js';
import { packPaths } from '../../../src/patterns/packed-paths.js';
import { createParseMemo } from '../../../src/image/dockerfile/parse-memo.js';
import { parseDockerfile } from '../../../src/image/dockerfile/dockerfile.js';
import { relocate } from '../../../src/image/context/relocate.js';
import { SlipwayError } from '../../../src/errors.js';
import { createReading } from '../../../src/reading/reading.js';
import { requestFor, service } from '../../unit/run-file/reading.js';
import { threadedReading } from '../../support/reading.js';

jest.setTimeout(120_000);

const reading = threadedReading();
afterAll(() => reading.close());

const options = { buildArgs: {}, target: null };
const numbered = (length: number, line: (index: number) => string) => Array.from({ length }, (_, at) => line(at));

describe('a Dockerfile is read to its end', () => {
  test.each<[string, string]>([
    ['100,000 here-documents', `FROM a\nRUN ${'<<E '.repeat(100_000)}\n${'E\n'.repeat(100_000)}COPY x /`],
    [
      'here-documents that never end before a million lines',
      `FROM a\n${'RUN cat <<X\n'.repeat(5_000)}COPY x /\n${'\n'.repeat(900_000)}`,
    ],
    ['60 KB of blanks in # syntax', `# syntax=docker/dockerfile:1${' '.repeat(60_000)}x\nFROM a\nCOPY x /`],
    [
      '4,000 stages that copy from each other',
      `${numbered(4_000, (n) => `FROM scratch AS s${n}\nCOPY --from=s${(n * 7 + 1) % 4_000} a /`).join('\n')}\nCOPY x /`,
    ],
    [
      '8,000 stages, each on the one before',
      `${numbered(8_000, (n) => `FROM ${n === 0 ? 'a' : `s${n - 1}`} AS s${n}`).join('\n')}\nCOPY x /`,
    ],
    [
      '3,000 stages on each other, each with a variable',
      `${numbered(3_000, (n) => `FROM ${n === 0 ? 'scratch' : `s${n - 1}`} AS s${n}\nENV V${n}=1\nCOPY x$NONE /`).join('\n')}`,
    ],
    ['a million lines', `FROM a\n${'\n'.repeat(1_000_000)}COPY x /`],
    ['flags without end', `FROM a\nCOPY ${'--chown=1 '.repeat(90_000)}x /`],
    ['quotes without end', `FROM a\nRUN ${`"${"'".repeat(3)}\\"`.repeat(100_000)}\nCOPY x /`],
  ])('with %s', async (_, text) => {
    const { isUnderstood, knownSources } = await reading.dockerfile(text, options);
    expect([isUnderstood, knownSources]).toEqual([true, ['x']]);
  });

  test.each<[string, string, RegExp]>([
    ['instructions', `FROM a\n${'RUN x\n'.repeat(MAX_INSTRUCTIONS)}`, /more than 10,000 instructions/],
    ['bytes', `FROM a\n#${'x'.repeat(1024 * 1024)}`, /has 1,048,584 bytes; the limit is 1,048,576/],
  ])('unless it has too many %s', async (_, text, message) => {
    await expect(reading.dockerfile(text, options)).rejects.toMatchObject({
      code: 'dockerfile-invalid',
      message: expect.stringMatching(message),
    });
  });

  test('or says nothing, and costs no more than its steps: what is evaluated again for each of thousands of stages', async () => {
    const triggers = `FROM scratch AS s\n${'ONBUILD COPY $A$A$A /\n'.repeat(4_000)}`;
    const text = `${triggers}${'FROM s\nCOPY --from=0 a /\n'.repeat(2_500)}${numbered(490, (n) => `FROM s AS t${n}`).join('\n')}\n${numbered(490, (n) => `COPY --from=t${n} a /`).join('\n')}`;
    expect(await reading.dockerfile(text, options)).toMatchObject({ isUnderstood: false, sources: 'whole' });
  });

  test('or says nothing if its sources are expanded to tens of megabytes', async () => {
    const text = `FROM scratch\nENV A=${'a'.repeat(60_000)}\n${numbered(500, (n) => `COPY \${A}${n} /`).join('\n')}`;
    expect(await reading.dockerfile(text, options)).toMatchObject({ isUnderstood: false, sources: 'whole' });
  });

  test('and moved into a folder, a line at a time', () => {
    const text = `FROM a\n${'COPY x \\\n y\n'.repeat(9_000)}${'\n'.repeat(500_000)}`;
    expect(relocate(text)?.split('\n')).toHaveLength(text.split('\n').length);
  });

  test('once, however often it is evaluated', () => {
    let parsed = 0;
    const parse = createParseMemo((text) => {
      parsed += 1;
      return parseDockerfile(text);
    });
    const text = 'FROM a:$V\nCOPY x /';
    for (const V of ['1', '2', '1']) readDockerfile(text, { buildArgs: { V }, target: null }, parse);
    expect(parsed).toBe(1);
  });
});

test('a Dockerfile is read once by a thread, however often a push asks', async () => {
  const one = reading.dockerfile('FROM once', options);
  expect(reading.dockerfile('FROM once', { ...options })).toBe(one);
});

describe('a .dockerignore', () => {
  const files = numbered(20_000, (n) => `${'a'.repeat(30)}/${n % 100}/${'ab'.repeat(20)}${n}`);
  const wildcards = numbered(200, (n) => `**/a*b*a*b*a*b*${n}*x`).join('\n');

  test('with many wildcards is held against many files, in steps that hardly grow with the wildcards', () => {
    const few = new Effort(1e9);
    const many = new Effort(1e9);
    for (const [effort, text] of [
      [few, '**/a*b*a*b*a*b*0*x'],
      [many, wildcards],
    ] as const) {
      const ignored = createIgnore(text, effort);
      expect(files.filter(ignored)).toEqual([]);
    }
    expect(many.spent).toBeLessThan(few.spent * 50);
  });

  test('is held against a context in a thread', async () => {
    const listed = await packPaths(files);
    const dockerfile = { text: 'FROM a', own: null };
    const question = { listed, links: [], hidden: null, added: [], submodules: [], artifact: null, targets: new Map() };
    const selected = await reading.context({ ...question, ignore: wildcards, sources: 'whole', dockerfile });
    expect(selected).toMatchObject({ isEmpty: false, everything: true });
  });

  test.each<[string, string, RegExp]>([
    ['rules', 'a\n'.repeat(10_001), /more than 10,000 rules/],
    ['bytes', `#${'x'.repeat(256 * 1024)}`, /has 262,145 bytes; the limit is 262,144/],
  ])('with too many %s is refused', (_, text, message) => {
    expect(() => createIgnore(text)).toThrow(message);
  });

  test('that takes too many steps is stopped', () => {
    const ignored = createIgnore('**/*a*a*a*a*b\n', new Effort(20_000));
    expect(() => files.map(ignored)).toThrow(expect.objectContaining({ code: 'reading-stopped' }));
  });

  test('reads a path of 2,000 folders', () => {
    const ignored = createIgnore('**/x\n!a/**/y');
    expect(ignored(`${'a/'.repeat(2_000)}x`)).toBe(true);
    expect(ignored(`${'a/'.repeat(2_000)}y`)).toBe(false);
  });
});

describe('a version file of a megabyte is read, or ends its thread at the memory limit', () => {
  test.each<[string, string, string]>([
    ['a key of 500,000 parts', 'pyproject.toml', `${'a.'.repeat(500_000)}a = 1`],
    ['350,000 inline tables', 'Cargo.toml', `a = [${'{},'.repeat(349_000)}]`],
    ['a million open brackets', 'Cargo.toml', `a = ${'['.repeat(1_000_000)}`],
    [
      '600,000 attributes',
      'pom.xml',
      `<project ${numbered(600_000, (n) => `${(n + 1e6).toString(36)}=""`).join(' ')}/>`,
    ],
    ['a million open elements', 'pom.xml', '<a>'.repeat(1_000_000)],
    ['500,000 properties', 'pom.xml', `<project><properties>${numbered(500_000, (n) => `<a${n}/>`).join('')}`],
  ])('with %s', async (_, name, text) => {
    expect(await reading.version(name, Buffer.from(text))).toBeNull();
    expect(await reading.version('Cargo.toml', Buffer.from('package.version = "1"'))).toBe('1');
  });
});

describe('a run file is read in a thread', () => {
  test('with all that it is read for', async () => {
    const given = { overlay: service('environment: [NAME]'), secrets: { NAME: 'x' } };
    const { result, faults } = await reading.runFile(requestFor(service('user: "1"'), given));
    expect(faults).toEqual([]);
    expect(result?.parameters).toMatchObject({ user: '1', environment: { NAME: { value: 'x', secret: true } } });
  });

  test('and is a fault if that takes too long', async () => {
    const stopped = createReading({
      run: () => Promise.reject(new SlipwayError('reading-stopped', 'It took too long.')),
      close: async () => undefined,
    });
    expect(await stopped.runFile(requestFor(service(''), { overlay: service('') }))).toEqual({
      result: null,
      faults: [
        {
          code: 'run-file-invalid',
          message: 'The run file takes too long or too much memory to read.',
          file: 'compose.production.yaml',
          line: 1,
          column: 1,
          setting: null,
        },
      ],
      warnings: [],
    });
  });
});
