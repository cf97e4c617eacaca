import fc from 'fast-check';
import type { MemoryFile } from './memory-tree.js';
import { isSameForClient } from './older-ignore.js';

export type RandomFiles = Readonly<Record<string, MemoryFile>>;

const plainNames = ['a', 'b', 'ab', 'x.md', '.h', 'src', 'Lib'];
const oddNames = [
  ...['with blank', ' lead', 'été', 'e\u0301te\u0301', '日本', '\u{1F600}', '\uFF5E', 'q"uote', "a'b", '$HOME', '#x'],
  ...['!x', 'a:b', '-rf', '%41', 'a+b=c', 'tab\there', 'n'.repeat(180), 'é'.repeat(60)],
];
const names = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...plainNames) }, fc.constantFrom(...oddNames));
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const texts = fc.oneof(fc.constantFrom('', 'x', 'y', 'text\n'), fc.string({ maxLength: 40 }));
const targets = fc.oneof(
  fc.constantFrom('nowhere', '..', '../src', '/etc/passwd', 'a/b', '.', 'with blank', '日本', 't'.repeat(150)),
  paths,
);
const contents: fc.Arbitrary<MemoryFile> = fc.oneof(
  { weight: 5, arbitrary: texts },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 2, arbitrary: texts.map((run) => ({ run })) },
  { weight: 2, arbitrary: targets.map((link) => ({ link })) },
  { weight: 1, arbitrary: fc.constant({ submodule: true as const }) },
);

const trees = fc
  .array(fc.tuple(paths, contents), { minLength: 3, maxLength: 16 })
  .map((pairs) => pairs.reduce<RandomFiles>((files, [path, file]) => put(files, path, file), {}));

/** Clients before 23 look only at some of the folders above a path where `**` and exceptions meet: those do not come together here. */
const ruleNames = fc.constantFrom(...plainNames, '*', '?', '*.md', '[a-b]', 'a*', '[^a]*');
const rulePaths = (name: fc.Arbitrary<string>) =>
  fc.array(name, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const rules = fc.oneof(
  fc.constant<string[]>([]),
  fc.array(rulePaths(fc.oneof(ruleNames, fc.constant('**'))), { minLength: 1, maxLength: 3 }),
  fc.array(
    fc.oneof(
      rulePaths(ruleNames),
      rulePaths(fc.constantFrom(...plainNames)).map((path) => `!${path}`),
    ),
    { minLength: 1, maxLength: 4 },
  ),
);

/** `files` with one more, which takes the place of whatever is at its path, below it or in the way to it. */
function put(files: RandomFiles, path: string, file: MemoryFile): RandomFiles {
  const others = Object.entries(files).filter(
    ([one]) => !`${one}/`.startsWith(`${path}/`) && !path.startsWith(`${one}/`),
  );
  return { ...Object.fromEntries(others), [path]: file };
}

type Change = (files: RandomFiles, path: string, file: MemoryFile) => RandomFiles;

function textOf(file: MemoryFile): string {
  if (typeof file === 'string' || Buffer.isBuffer(file)) return file.toString();
  return 'link' in file ? file.link : 'run' in file ? file.run : 'was a submodule';
}
const parentOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : path);

/** What may happen to a file from one build to the next. */
const changes: Readonly<Record<string, Change>> = {
  'another content of the same size': (files, path, file) => {
    const text = textOf(file);
    const other = text.replace(/^./su, (first) => (first === 'z' ? 'y' : 'z'));
    const same = typeof file === 'string' || Buffer.isBuffer(file);
    return { ...files, [path]: same ? other : 'link' in file ? { link: other } : { run: other } };
  },
  'another size': (files, path, file) => ({ ...files, [path]: `${textOf(file)}, and more` }),
  'another mode': (files, path, file) => {
    const text = textOf(file);
    return { ...files, [path]: typeof file === 'object' && 'run' in file ? text : { run: text } };
  },
  gone: (files, path) => Object.fromEntries(Object.entries(files).filter(([one]) => one !== path)),
  'a folder in its place': (files, path, file) => put(files, `${path}/inside`, file),
  'a link in its place': (files, path) => put(files, path, { link: 'src' }),
  'a file instead of its folder': (files, path) => put(files, parentOf(path), 'was a folder'),
  'a link instead of its folder': (files, path) => put(files, parentOf(path), { link: 'nowhere' }),
  'another name': (files, path, file) => put(changes['gone']?.(files, path, file) ?? files, `${path}.new`, file),
  'a new neighbour': (files, path, file) => put(files, `${path}-neighbour`, file),
};

export interface RandomContext {
  /** What happened since the context before. */
  readonly since: string;
  readonly files: RandomFiles;
  readonly ignore: readonly string[];
  /** Free choices of the test that uses this. */
  readonly choices: readonly number[];
}

const choices = fc.array(fc.nat(1_000), { minLength: 8, maxLength: 8 });
const steps = fc.record({
  changes: fc.array(fc.tuple(fc.constantFrom(...Object.keys(changes)), fc.nat(1_000)), { minLength: 1, maxLength: 3 }),
  ignore: fc.option(rules),
  choices,
});

/** Contexts that come one after the other: the first from scratch, each other by a few changes to the one before. */
const histories = fc
  .record({ files: trees, ignore: rules, choices, steps: fc.array(steps, { minLength: 5, maxLength: 5 }) })
  .map(({ steps, ...first }) => {
    const history: RandomContext[] = [{ since: 'everything', ...first }];
    for (const step of steps) history.push(follow(history.at(-1) ?? { since: '', ...first }, step));
    return history;
  });

type Step = Pick<RandomContext, 'choices'> & {
  readonly changes: readonly (readonly [string, number])[];
  readonly ignore: readonly string[] | null;
};

function follow(before: RandomContext, step: Step): RandomContext {
  let { files } = before;
  const since: string[] = [];
  for (const [name, pick] of step.changes) {
    const all = Object.entries(files);
    const [path, file] = all[pick % Math.max(1, all.length)] ?? ['a', 'a'];
    files = changes[name]?.(files, path, file) ?? files;
    since.push(`${name}: ${path}`);
  }
  return { since: since.join(', '), files, ignore: step.ignore ?? before.ignore, choices: step.choices };
}

/** The same ones for the same seed. Rules that older clients follow differently are left out. */
export function randomHistories(seed: number, count: number): readonly (readonly RandomContext[])[] {
  return fc
    .sample(histories, { seed, numRuns: count })
    .map((history) =>
      history.map((one) => (isSameForClient(one.ignore, Object.keys(one.files)) ? one : { ...one, ignore: [] })),
    );
}
