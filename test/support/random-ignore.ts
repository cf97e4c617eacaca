/** Random trees, each with a random `.dockerignore` of which several lines are near the tree's paths. */
import fc from 'fast-check';

export interface RandomIgnore {
  readonly paths: readonly string[];
  readonly lines: readonly string[];
}

const pick = fc.constantFrom<string[]>;
const joined = (parts: fc.Arbitrary<string>, least: number, most: number, between = '') =>
  fc.array(parts, { minLength: least, maxLength: most }).map((all) => all.join(between));

const words = (text: string) => pick(...text.split(' '));

const plainNames = words('a b c ab x.md .h src A d7 log');
const oddNames = fc.oneof(
  words(
    String.raw`#a !a été 日本 a* * a?b [ab] ] ^a a$ (a) a+b a.b {a} a{2} a|b a\b \ - _ ~ a'b a"b %41 ... .a aa aab in x41`,
  ),
  pick('a b', ' a', 'a ', 'a\tb', 'a\nb', 'a\rb', 'e\u0301', '\u{1F600}', '\u00a0a', '\u0085a', '\uFEFFa', 'a\uFEFF'),
  words('Dockerfile .dockerignore'),
);
const names = fc.oneof({ weight: 3, arbitrary: plainNames }, { weight: 1, arbitrary: oddNames });
const files = joined(names, 1, 4, '/').filter((path) => path !== 'Dockerfile' && path !== '.dockerignore');
const trees = fc.uniqueArray(files, { minLength: 4, maxLength: 16 }).map((paths) =>
  // A path that another one needs as a folder cannot be a file.
  paths.filter(
    (one) => !/^(?:Dockerfile|\.dockerignore)\//.test(one) && !paths.some((other) => other.startsWith(`${one}/`)),
  ),
);

const wildcards = words('* * ? ** ** *** *?');
const classes = words(
  String.raw`[ab] [^a] [a-c] [!a] []a] [a\]b] [\d] [^\w] [[:alpha:]] [[:^alpha:]] [^/] [a/] [*] [?] [\*] [é-í] [日本] [\pL] [a^] [.] [&&a]`,
);
const escapes = words(
  String.raw`\a \b \B \d \D \w \W \s \S \A \z \pL \PL \p{Greek} \n \* \? \[ \] \\ \. \! \# \- \_ \/ \x61 \x{62} \141 \Q*\E \C \t \r \^ \$ \{`,
);
/** Most of these are refused, some at the end of a line only. */
const faults = words(String.raw`[a [] [^] [z-a] [a-] [-a] \Z \é \Q \E \ \1 \< \u0061 \c \e \0 *{2} ?{1001} a?{2}{3}`);
const signs = words('| ^ $ ( ) + . {2} {1,2} { } {,2} {0} # ! - , :');
const blanks = pick(
  ' ',
  '\t',
  '\r',
  '\v',
  '\f',
  '\u0085',
  '\u00a0',
  '\u1680',
  '\u2003',
  '\u200b',
  '\u2028',
  '\u3000',
  '\uFEFF',
);
const letters = pick('a', 'b', 'c', 'd', 'A', '.', 'é', 'x', '日');

const atoms = fc.oneof(
  { weight: 16, arbitrary: letters },
  { weight: 12, arbitrary: names },
  { weight: 12, arbitrary: wildcards },
  { weight: 6, arbitrary: classes },
  { weight: 6, arbitrary: escapes },
  { weight: 3, arbitrary: signs },
  { weight: 1, arbitrary: blanks },
  { weight: 1, arbitrary: faults },
);
const segments = fc.oneof(
  { weight: 5, arbitrary: names },
  { weight: 4, arbitrary: wildcards },
  { weight: 4, arbitrary: joined(atoms, 1, 3) },
  { weight: 1, arbitrary: pick('.', '..', '', ' ') },
);
const written = joined(segments, 1, 4, '/');

/** A path of the tree with parts of it replaced: what is left still matches, or nearly so. */
const nearPath = (path: string) =>
  fc
    .tuple(
      ...path
        .split('/')
        .map((name) =>
          fc.oneof(
            { weight: 3, arbitrary: fc.constant(name) },
            { weight: 2, arbitrary: wildcards },
            { weight: 2, arbitrary: nearName(name) },
          ),
        ),
    )
    .chain((all) => fc.integer({ min: 1, max: all.length }).map((count) => all.slice(0, count).join('/')));

const nearName = (name: string) =>
  fc
    .tuple(
      fc.nat([...name].length - 1),
      fc.oneof(wildcards, wildcards, classes, escapes, signs, pick('\\')),
      fc.boolean(),
    )
    .map(([at, part, keeps]) => {
      const chars = [...name];
      return [...chars.slice(0, at), part, ...chars.slice(keeps ? at : at + 1)].join('');
    });

const begins = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: pick('/', './', '//', '../', ' ', '**/', '*/', '/**/', '\uFEFF', '\u00a0', '# ', '#') },
);
const marks = pick('', '', '!', '!', '! ', '!!', '!/', ' !', '/!');
const ends = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: pick('/', '/.', '/..', '/*', '/**', '/*/**', '/**/*', '/**/', '**', ' ', '\r', '\u00a0', '\uFEFF'),
  },
);

const lineFor = (paths: readonly string[]) =>
  fc.oneof({ weight: 6, arbitrary: pick(...paths).chain(nearPath) }, { weight: 4, arbitrary: written });
const decorated = (line: fc.Arbitrary<string>) => fc.tuple(marks, begins, line, ends).map((parts) => parts.join(''));
const firsts = pick('', '', '*', '**', '*/*', '**/*', '# comment', '\uFEFF*', '*\n!src', '!*');
const lines = (paths: readonly string[]) =>
  fc
    .tuple(firsts, fc.array(decorated(lineFor(paths)), { minLength: 1, maxLength: 6 }), pick('', '', '', '\r'))
    .map(([first, all, end]) => [...first.split('\n'), ...all].map((line) => line + end));

const cases: fc.Arbitrary<RandomIgnore> = trees
  .filter((paths) => paths.length > 0)
  .chain((paths) => lines(paths).map((all) => ({ paths, lines: all })));

/** The same ones for the same seed. */
export const randomIgnores = (seed: number, count: number): readonly RandomIgnore[] =>
  fc.sample(cases, { seed, numRuns: count });
