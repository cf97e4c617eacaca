import { SlipwayError } from '../../src/errors.js';

export interface FakeStep {
  /** As BuildKit would name it. */
  readonly name: string;
  readonly instruction: string;
  readonly rest: string;
}

const withStep = ['FROM', 'RUN', 'COPY', 'ADD', 'WORKDIR'];
const without = [
  'ARG',
  'CMD',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'HEALTHCHECK',
  'LABEL',
  'ONBUILD',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
];

/**
 * Steps of a single-stage Dockerfile; enough of the language for tests: FROM may name build arguments. `dockerfile-invalid`, with its line,
 * for an unknown instruction.
 */
export function stepsOf(dockerfile: string, buildArgs: Readonly<Record<string, string>> = {}): readonly FakeStep[] {
  const written = dockerfile
    .split('\n')
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ text, line }) => {
      const [instruction = '', ...rest] = text.split(' ');
      if (![...withStep, ...without].includes(instruction)) {
        throw new SlipwayError('dockerfile-invalid', `Line ${line}: unknown instruction: ${instruction}`, {
          extra: { line },
        });
      }
      const words = rest.join(' ');
      const given =
        instruction === 'FROM'
          ? words.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => buildArgs[braced ?? bare] ?? '')
          : words;
      return { instruction, rest: given };
    })
    .filter(({ instruction }) => withStep.includes(instruction));
  return written.map(({ instruction, rest }, index) => ({
    name: `[${index + 1}/${written.length}] ${instruction} ${rest}`,
    instruction,
    rest,
  }));
}

export type FakeCommand =
  | { readonly kind: 'echo'; readonly text: string }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'exit'; readonly code: number };

/**
 * What a RUN of `echo WORDS`, `cat FILE` (of the context), `sleep SECONDS` and `exit CODE`, joined by `;`, would do; other commands do nothing.
 */
export function commandsOf(run: string, files: ReadonlyMap<string, string>): readonly FakeCommand[] {
  return run.split(';').flatMap((part): readonly FakeCommand[] => {
    const [command = '', ...words] = part.trim().split(' ');
    if (command === 'echo') return [{ kind: 'echo', text: words.join(' ') }];
    if (command === 'cat') return linesOf(words[0] ?? '', files);
    if (command === 'sleep') return [{ kind: 'sleep', ms: Number(words[0]) * 1000 }];
    if (command === 'exit') return [{ kind: 'exit', code: Number(words[0]) }];
    return [];
  });
}

function linesOf(path: string, files: ReadonlyMap<string, string>): readonly FakeCommand[] {
  const content = files.get(path);
  if (content !== undefined) return content.split('\n').map((text) => ({ kind: 'echo', text }));
  return [
    { kind: 'echo', text: `cat: can't open '${path}': No such file or directory` },
    { kind: 'exit', code: 1 },
  ];
}

/** Fails as a COPY of what is not there does. */
export function requireFile(step: FakeStep, source: string, files: ReadonlyMap<string, string>): void {
  const path = source.replace(/^\.?\//, '').replace(/\/$/, '');
  const there = path === '' || path === '.' || path.startsWith('--') || /[*?[]/.test(path);
  if (there || [...files.keys()].some((file) => file === path || file.startsWith(`${path}/`))) return;
  throw stepFailure(step, `The step "${step.name}" needs /${path}, which does not exist where it is copied from.`);
}

export const stepFailure = ({ name }: FakeStep, words: string) =>
  new SlipwayError('dockerfile-step-failed', words, { step: name });
