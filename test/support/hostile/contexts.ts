import { usualFiles } from '../../../src/image/version/stated-version.js';
import type { Random } from './random.js';

const PIECES = [
  'a',
  'b',
  '*',
  '**',
  '?',
  '[a-z]',
  '[^a]',
  '[',
  '\\',
  '\\d',
  '/',
  '.',
  '..',
  '!',
  ' ',
  'é',
  '\ufeff',
] as const;

function rule(random: Random): string {
  const text = random.pick<() => string>([
    () => random.list(random.count(6, 400), () => random.pick(PIECES)).join(''),
    () => `**/${'a*'.repeat(random.count(4, 200))}b`,
    () => `${'*/'.repeat(random.count(3, 100))}x`,
    () => `**${random.pick(['.log', '/node_modules', '/*', ''])}`,
    () => `[${'a-zA-Z0-9'.repeat(random.count(3, 3_000))}]`,
    () => `a/${random.pick(['b', 'c', '**/d', '../e'])}`,
    () => '# comment',
  ])();
  return `${random.chance(4) ? '!' : ''}${text}`;
}

/** A `.dockerignore`: mostly of Docker's grammar, with many wildcards, sometimes thousands of rules. */
export const hostileIgnore = (random: Random): string =>
  random
    .list(random.count(6, 12_000), () => rule(random))
    .join(random.chance(6) ? '\r\n' : '\n')
    .slice(0, 300_000);

const NAMES = [
  'a',
  'b',
  'src',
  'node_modules',
  'x.log',
  'aaaaaaaaaaaaaaaaaaaaaaaa',
  'é',
  '.dockerignore',
  'Dockerfile',
] as const;

/** Paths of a commit in the order of their bytes, none of which is below another. */
export function hostilePaths(random: Random): readonly string[] {
  const depth = random.count(4, 60);
  const paths = random.list(random.count(30, 20_000), (index) => {
    const folders = random.list(random.below(depth), () => random.pick(NAMES));
    return [...folders, `${random.pick(NAMES)}${index}`].join('/');
  });
  return [...new Set(paths)].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** Where a link leads: in circles, out of the context, through other links. */
export const hostileTarget = (random: Random): string =>
  random.pick<() => string>([
    () => random.pick(['a', '.', '..', '/', '../../../etc', '/a/b', '']),
    () => random.list(random.count(4, 500), () => random.pick([...NAMES, '..'])).join('/'),
  ])();

/** Files that are said to state a version. */
export function hostileVersion(random: Random): { readonly file: string; readonly content: string } {
  const file = random.pick(['other', ...usualFiles]);
  const many = random.count(20, 100_000);
  const content = random.pick([
    '\n'.repeat(many),
    `<project>${'<a>'.repeat(many)}`,
    `<project><version>\${a}</version><properties>${'<a>${a}${a}</a>'.repeat(many)}</properties></project>`,
    '<!--'.repeat(many),
    `version=${'\\'.repeat(many)}\n`,
    `[project]\nversion = "${'\\"'.repeat(many)}`,
    "'''".repeat(many),
    `{"version":${'['.repeat(many)}`,
    `{"version":"1"${','.repeat(many)}`,
    `${' '.repeat(many)}x`,
  ]);
  return { file, content: content.slice(0, 1024 * 1024) };
}
