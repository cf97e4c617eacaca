import type { Random } from './random.js';

/** Text in which nothing is too odd, shaped so that it gets past the first checks of a reader. */
const piece = (random: Random): string =>
  random.pick<() => string>([
    () =>
      random.pick([
        'a',
        'src',
        'b.txt',
        'dir/sub',
        '.',
        '/',
        '..',
        '',
        'x y',
        'é',
        '資料\u3000',
        '\ufeff',
        '\0',
        '\u2028',
      ]),
    () => random.pick(['*', '**', '?', '[a-z]', '[^', '[', ']', '\\', '\\d', 'a*b*c', '***/*', '{a,b}']),
    () => `$${random.pick(['A', 'B', '12', 'é', '{A}', '{A:-b}', '{A:+${B:-c}}', '{A', '{A#*x}', '{:-}', '$', ''])}`,
    () => random.pick(['"', "'", '"a b"', "'$A'", '\\"', '"a\\', "''", '`']),
    () => random.pick(['a', '*', '$A', '${A:-', '"', ' ', '\\', '..//', '\t']).repeat(random.count(8, 20_000)),
  ])();

export const word = (random: Random): string => random.list(random.below(3) + 1, () => piece(random)).join('');

const blanks = (random: Random): string => random.pick([' ', '  ', '\t', ' \\\n', ' \\\n# comment\n  ', '\u00a0']);

const words = (random: Random): string =>
  random.list(random.count(4, 3_000), () => word(random)).join(random.chance(4) ? blanks(random) : ' ');

const stageName = (random: Random): string => `${random.pick(['s', 'S', 'stage-'])}${random.below(6)}`;

const flags = (random: Random): string =>
  random
    .list(random.chance(3) ? random.count(3, 500) : 0, () =>
      random.pick<() => string>([
        () => `--from=${random.pick([stageName(random), '0', '99999999999', '', '$A', 'img:1', '../x'])}`,
        () => `--mount=${random.list(random.count(4, 300), () => mountField(random)).join(',')}`,
        () => `--parents${random.pick(['', '=true', '=True', '='])}`,
        () => `--${word(random)}`,
        () => '--',
      ])(),
    )
    .join(' ');

const mountField = (random: Random): string =>
  random.pick<() => string>([
    () => `type=${random.pick(['bind', 'cache', 'secret', 'BIND', '$A', ''])}`,
    () => `from=${random.pick([stageName(random), '', '$A'])}`,
    () => `source=${word(random)}`,
    () => `"${word(random)}`,
    () => word(random),
  ])();

/** An instruction with the here-documents that it opens; of a wild one some never end. */
function withHeredocs(random: Random, keyword: string, isWild: boolean): string {
  const names = random.list(random.count(3, 3_000), (index) => random.pick(['EOF', 'A', `N${index}`, '"Q"']));
  const openers = names.map((name) => `${random.pick(['<<', '<<-', '3<<', isWild ? '<< ' : '<<'])}${name}`).join(' ');
  const bodies = names.flatMap((name) => [
    ...random.list(random.count(2, 50), () => word(random)),
    ...(isWild && random.chance(10) ? [] : [name.replaceAll('"', '')]),
  ]);
  return [`${keyword} ${openers} ${random.chance(2) ? '/x' : ''}`, ...bodies].join('\n');
}

const instruction = (random: Random, isWild: boolean): string =>
  random.pick<() => string>([
    () => `COPY ${flags(random)} a ${words(random)} /x`,
    () => `ADD ${flags(random)} ${random.pick(['http://x/', 'git@x:', 'HTTP://', ''])}a ${words(random)} /x`,
    () => `COPY ${JSON.stringify(['a', ...random.list(random.count(3, 2_000), () => word(random))])}`,
    () => `ARG ${random.pick(['A', 'B', 'C'])}${random.chance(2) ? `=${word(random)}` : ''}`,
    () => `ENV ${random.list(random.count(2, 500), () => `${random.pick(['A', 'B', 'é'])}=${word(random)}`).join(' ')}`,
    () => 'ENV A=$A$A',
    () => `RUN ${flags(random)} ${words(random)}`,
    () => withHeredocs(random, random.pick(['RUN', 'COPY', 'ADD', 'ONBUILD COPY']), isWild),
    () => `ONBUILD ${random.pick(['COPY', 'ADD', 'RUN', isWild ? 'FROM' : 'ARG'])} a ${words(random)} /x`,
    () => random.pick(['WORKDIR /', 'USER a', 'LABEL a=b', '', '# comment', 'HEALTHCHECK NONE']),
    () => (isWild ? random.pick(['\\', 'NONSENSE', word(random)]) : 'RUN true'),
  ])();

const base = (random: Random, isWild: boolean): string =>
  random.pick<() => string>([
    () =>
      random.pick(['scratch', 'base:1', '$A', '${A}/b', '/node:20', '../../x', 'A:B:C', `a@sha256:${'0'.repeat(64)}`]),
    () => stageName(random),
    () => (isWild ? word(random) : 'base:1'),
  ])();

const from = (random: Random, isWild: boolean): string =>
  `FROM ${random.chance(6) ? '--platform=$BUILDPLATFORM ' : ''}${base(random, isWild)}${random.chance(2) ? ` AS ${stageName(random)}` : ''}`;

/** Thousands of stages that stand on or copy from each other. */
function crowd(random: Random): string {
  const length = random.below(6_000) + 1;
  const line = random.pick<(index: number) => string>([
    (index) => (index === 0 ? 'FROM scratch AS s0' : `FROM s${index - 1} AS s${index}`),
    (index) => `FROM scratch AS s${index}\nCOPY --from=s${random.below(length)} a /`,
    (index) => `FROM ${index === 0 ? 'scratch' : 's0'} AS s${index}\nONBUILD COPY a$A /`,
    (index) => (index === 0 ? 'FROM scratch AS s0' : `FROM s${index - 1} AS s${index}\nARG A=${index}\nCOPY $B$A /`),
    (index) => `FROM scratch AS same\nCOPY --from=same ${index} /`,
  ]);
  return random.list(length, line).join('\n');
}

const directive = (random: Random): string =>
  random.pick([
    '# syntax=docker/dockerfile:1',
    `# syntax=${' '.repeat(random.count(10, 60_000))}x`,
    '# escape=`',
    `#${' '.repeat(random.count(3, 50_000))}check${'='.repeat(random.count(2, 50_000))}`,
    '# a comment',
    '\ufeff',
  ]);

/** A Dockerfile that goes deep: stages, mounts, here-documents, variables, and sometimes large numbers of each. */
export function hostileDockerfile(random: Random): string {
  if (random.chance(25)) return crowd(random);
  const isWild = random.chance(4);
  const stages = random.list(random.count(4, 300), () => [
    from(random, isWild),
    ...random.list(random.count(6, 400), () => instruction(random, isWild)),
  ]);
  const lines = [
    ...random.list(random.below(3), () => directive(random)),
    ...random.list(random.below(3), () => `ARG ${random.pick(['A', 'B'])}=${word(random)}`),
    ...stages.flat(),
    ...(random.chance(50) ? ['\n'.repeat(random.below(1_000_000))] : []),
  ];
  return lines.join(random.chance(5) ? '\r\n' : '\n').slice(0, 1_100_000);
}
