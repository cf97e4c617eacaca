import { folderCircles } from '../../../scripts/parts/folder-circles.mjs';

/** Files by path, each with what it imports. */
const filesOf = (imports: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(imports).map(([path, names]) => [path, names.map((name) => `import '${name}';`).join('\n')]));

const circlesIn = (imports: Readonly<Record<string, readonly string[]>>) =>
  folderCircles(filesOf(imports)).map((circle) => circle.map(({ from }) => from));

test.each<readonly [string, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
  [
    'two folders that import each other, though their files do not',
    { 'src/a/one.ts': ['../b/one.js'], 'src/b/one.ts': [], 'src/b/two.ts': ['../a/two.js'], 'src/a/two.ts': [] },
    ['src/a', 'src/b'],
  ],
  [
    'three folders in a circle',
    { 'src/a/x.ts': ['../b/x.js'], 'src/b/x.ts': ['../c/x.js'], 'src/c/x.ts': ['../a/y.js'], 'src/a/y.ts': [] },
    ['src/a', 'src/b', 'src/c'],
  ],
  [
    'a folder and its own sub-folder',
    { 'src/a/top.ts': ['./b/x.js'], 'src/a/b/x.ts': ['../ground.js'], 'src/a/ground.ts': [] },
    ['src/a', 'src/a/b'],
  ],
  [
    'sub-folders of one folder',
    { 'src/a/b/x.ts': ['../c/x.js'], 'src/a/c/x.ts': [], 'src/a/c/y.ts': ['../b/y.js'], 'src/a/b/y.ts': [] },
    ['src/a/b', 'src/a/c'],
  ],
  [
    'two folders through different sub-folders',
    { 'src/a/x/x.ts': ['../../b/x/x.js'], 'src/b/x/x.ts': [], 'src/b/y/y.ts': ['../../a/y/y.js'], 'src/a/y/y.ts': [] },
    ['src/a', 'src/b'],
  ],
  [
    'a folder and a file of src/',
    { 'src/top.ts': ['./a/x.js'], 'src/a/x.ts': [], 'src/a/y.ts': ['../top.js'] },
    ['src/a', 'src/top.ts'],
  ],
])('names %s', (_what, imports, circle) => {
  expect(circlesIn(imports)).toEqual([circle]);
});

test.each([
  ['an import of a type', "import type { A } from '../a/two.js';"],
  ['the type of an import', "type A = import('../a/two.js').A;"],
  ['an export', "export { a } from '../a/two.js';"],
  ['an import at run time', "const a = await import('../a/two.js');"],
])('counts %s', (_what, text) => {
  const files = new Map([
    ['src/a/one.ts', "import '../b/one.js';"],
    ['src/b/one.ts', text],
  ]);
  expect(folderCircles(files)).toEqual([
    [
      { from: 'src/a', to: 'src/b', example: { from: 'src/a/one.ts', to: 'src/b/one.ts' } },
      { from: 'src/b', to: 'src/a', example: { from: 'src/b/one.ts', to: 'src/a/two.ts' } },
    ],
  ]);
});

test('names every circle', () => {
  const both = { 'src/a/x.ts': ['../b/x.js'], 'src/b/x.ts': ['../a/x.js', '../c/x.js'], 'src/c/x.ts': ['../b/x.js'] };
  expect(circlesIn(both)).toEqual([
    ['src/a', 'src/b'],
    ['src/c', 'src/b'],
  ]);
});

test.each<readonly [string, Readonly<Record<string, readonly string[]>>]>([
  ['imports downwards', { 'src/a/x.ts': ['../b/x.js', '../c/x.js'], 'src/b/x.ts': ['../c/x.js'], 'src/c/x.ts': [] }],
  ['files of src/ above and below a folder', { 'src/top.ts': ['./a/x.js'], 'src/a/x.ts': ['../low.js'] }],
  ['packages', { 'src/a/x.ts': ['../b/x.js', 'b'], 'src/b/x.ts': ['a', 'node:fs'] }],
])('allows %s', (_what, imports) => {
  expect(circlesIn(imports)).toEqual([]);
});
