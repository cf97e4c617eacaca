import { frontendsOf, requireFrontend } from '../../../../src/image/dockerfile/frontends.js';

const found = (text: string, buildArgs: Readonly<Record<string, string>> = {}) => frontendsOf({ text, buildArgs });
const from = '\nFROM scratch\n';

describe('what an engine may take for the frontend', () => {
  test.each<[string, string, string[]]>([
    ['no line', 'FROM scratch\n', []],
    ['the usual line', `# syntax=a/b:1${from}`, ['a/b:1']],
    ['no blanks', `#syntax=a/b${from}`, ['a/b']],
    ['many blanks, upper case', `#\t SynTax \t=  a/b  ${from}`, ['a/b']],
    ['a carriage return at the end', '# syntax=a/b\r\nFROM scratch\r\n', ['a/b']],
    ['a carriage return as a blank', `#\rsyntax=a/b${from}`, ['a/b']],
    ['a file that ends with the line', '# syntax=a/b', ['a/b']],
    ['a command line behind the image', `# syntax=a/b --flag x/y${from}`, ['a/b']],
    ['blanks of Unicode', `#\u0085\u00a0\u2003syntax=\u0085a/b${from}`, ['a/b']],
    ['blanks in front of the line', `  # syntax=a/b${from}`, ['a/b']],
    ['a byte order mark', `\uFEFF# syntax=a/b${from}`, ['a/b']],
    ['a shebang', `#!/usr/bin/env frontend\n# syntax=a/b${from}`, ['a/b']],
    ['a byte order mark and a shebang', `\uFEFF#!/bin/x\n# syntax=a/b${from}`, ['a/b']],
    ['behind other directives', `# escape=\`\n# check=skip=all\n# syntax=a/b${from}`, ['a/b']],
    ['behind a directive of any name, as old engines read', `# maintainer=me\n# syntax=a/b${from}`, ['a/b']],
    ['behind one without a value', `# x=\n# syntax=a/b${from}`, ['a/b']],
    ['several lines, of which old engines take the last', `# syntax=a/b\n# syntax=c/d${from}`, ['a/b', 'c/d']],
    ['two slashes', `// syntax=a/b\n{}`, ['a/b']],
    ['two slashes without blanks, behind a shebang', '#!x\n//syntax=a/b\n', ['a/b']],
    ['both kinds of comment', `// x=y\n# syntax=a/b${from}`, ['a/b']],
    ['behind a comment that is no directive', `# A comment\n# syntax=a/b${from}`, []],
    ['behind an empty line', `\n# syntax=a/b${from}`, []],
    ['behind an instruction', `FROM scratch\n# syntax=a/b${from}`, []],
    ['another name', `# syntaxes=a/b\n# the syntax=a/b${from}`, []],
    ['no image', `# syntax= ${from}`, ['']],
  ])('%s', (_, text, expected) => expect(found(text)).toEqual(expected));

  test.each<[string, string, string[]]>([
    ['a member', '{"syntax": "a/b"}', ['a/b']],
    ['blanks everywhere', ' \n\t{\n "x" : 1 ,\n "syntax"\n:\n"a/b" }\n', ['a/b']],
    ['behind a shebang', '#!/bin/x\n{"syntax":"a/b"}', ['a/b']],
    ['behind a byte order mark', '\uFEFF{"syntax":"a/b"}', ['a/b']],
    ['an escaped name', '{"\\u0073yntax":"a\\/b"}', ['a/b']],
    ['another case, as older releases read', '{"SYNTAX":"a/b","\u017fyntax":"c/d"}', ['a/b', 'c/d']],
    ['a member twice', '{"syntax":"a/b","syntax":"c/d"}', ['a/b', 'c/d']],
    ['a member whose second value is null', '{"syntax":"a/b","syntax":null}', ['a/b']],
    ['behind other values', '{"a":{"b":["}",{"c":"\\"{"}]},"syntax":"a/b"}', ['a/b']],
    ['in a value', '{"a":{"syntax":"a/b"},"b":["syntax","a/b"],"c":"syntax"}', []],
    ['no text', '{"syntax":["a/b"]}', []],
    ['no object', '["syntax","a/b"]', []],
    ['a string without an end', '{"syntax":"a/b', []],
  ])('JSON: %s', (_, text, expected) => expect(found(text)).toEqual(expected));

  test.each<[string, string[]]>([
    ['a/b:1', ['a/b:1', 'c/d']],
    [' \u0085a/b x', ['a/b', 'c/d']],
    ['', ['', 'c/d']],
  ])('the build argument BUILDKIT_SYNTAX=%j comes beside the line', (value, expected) => {
    expect(found(`# syntax=c/d${from}`, { BUILDKIT_SYNTAX: value })).toEqual(expected);
  });

  test('no other build argument', () => {
    expect(found(from, { buildkit_syntax: 'a/b', SYNTAX: 'a/b' })).toEqual([]);
  });
});

const allowed = ['docker/dockerfile', 'r.abc.net:5000/own', 'plain'];
const digest = `sha256:${'0'.repeat(64)}`;
const verdict = (reference: string, names: readonly string[] = allowed): string => {
  try {
    requireFrontend({ text: `# syntax=${reference}${from}`, buildArgs: {} }, names);
    return 'runs';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each([
  'docker/dockerfile',
  'docker/dockerfile:1.7-labs',
  `docker/dockerfile@${digest}`,
  `docker/dockerfile:1@${digest}`,
  'docker.io/docker/dockerfile:1',
  'index.docker.io/docker/dockerfile',
  'r.abc.net:5000/own:2',
  'plain',
  'library/plain',
  'docker.io/plain:1',
  'index.docker.io/library/plain',
])('%s may run', (reference) => expect(verdict(reference)).toBe('runs'));

test.each([
  'evil/dockerfile',
  'dockerfile',
  'docker/dockerfile-upstream',
  'docker/dockerfile/x',
  'evil.com/docker/dockerfile:1',
  'evil.com:80/docker/dockerfile',
  'registry-1.docker.io/docker/dockerfile',
  'localhost/docker/dockerfile',
  '[::1]:5000/docker/dockerfile',
  'Docker.IO/docker/dockerfile',
  'docker.io.evil.com/docker/dockerfile',
  'docker.io//docker/dockerfile',
  'docker/dockerfile:1/x',
  'docker.io:443/docker/dockerfile',
  'r.abc.net/own',
  'r.abc.net:5000/own/x',
  'own',
  'docker/plain',
  'x'.repeat(500),
])('%s may not run', (reference) => expect(verdict(reference)).toBe('frontend-not-allowed'));

test.each(['', 'évil/x', '$IMAGE', '${IMAGE:-evil/x}', '"evil/x"', 'evil/x,y', 'http\u0000x'])(
  '%j names no image, which is for the engine to say',
  (value) => expect(verdict(value)).toBe('runs'),
);

test('an empty list allows none, and no line is always right', () => {
  expect(verdict('docker/dockerfile', [])).toBe('frontend-not-allowed');
  expect(() => requireFrontend({ text: from, buildArgs: {} }, [])).not.toThrow();
});

test('one of several that may not run is enough', () => {
  const text = `# syntax=docker/dockerfile\n# syntax=evil/x${from}`;
  expect(() => requireFrontend({ text, buildArgs: {} }, allowed)).toThrow('The frontend evil/x may not run');
  const behind = { text, buildArgs: { BUILDKIT_SYNTAX: 'docker/dockerfile' } };
  expect(() => requireFrontend(behind, allowed)).toThrow('evil/x');
});

test.each<[string, string]>([
  ['blanks', `# syntax=${' '.repeat(1 << 20)}x`],
  ['blanks without a directive', `#${' '.repeat(1 << 20)}x`],
  ['blanks in front of the sign', `# x${' '.repeat(1 << 20)}y`],
  ['letters', `# ${'x'.repeat(1 << 20)}`],
  ['directives', '# x=y\n'.repeat(1 << 18)],
  ['braces', '{'.repeat(1 << 20)],
  ['quotes behind an open string', `{"${'\\"'.repeat(1 << 19)}`],
  ['members', `{${'"syntax":"a/b",'.repeat(1 << 16)}`],
])(
  'a mebibyte of %s is read in linear time',
  (_, text) => {
    // Quadratic time would be hours; the limit of the test is the deadline.
    found(text);
  },
  20_000,
);
