import { rootedPath } from '../../patterns/paths.js';
import type { Instruction } from './lines.js';
import { splitArguments } from './words.js';
import type { Variables } from './variables.js';

/** What one instruction reads. Null in `sources` and `from` means unknown. */
export interface Reads {
  /** Context paths or globs; '.' is the whole context. */
  readonly sources: readonly (string | null)[];
  /** Values of `from=`: stages or images. */
  readonly from: readonly (string | null)[];
  /** URLs that ADD fetches. */
  readonly remote: readonly string[];
}

const noReads: Reads = { sources: [], from: [], remote: [] };

/** What COPY, ADD, and RUN with mounts read. Null for other instructions. */
export function readsOf(instruction: Instruction, variables: Variables): Reads | null {
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') return copyReads(instruction, variables);
  return instruction.keyword === 'RUN' ? mountReads(instruction, variables) : null;
}

function copyReads({ keyword, flags, rest }: Instruction, variables: Variables): Reads {
  const from = flagValue(flags, 'from');
  if (from !== null && keyword === 'COPY') return { ...noReads, from: [variables.expand(from)] };
  const parents = flags.some((flag) => /^--parents(=true)?$/.test(flag));
  const sources: (string | null)[] = [];
  const remote: string[] = [];
  for (const word of splitArguments(rest).words.slice(0, -1)) {
    if (/^\d*<<-?[^<]+$/.test(word)) continue;
    const source = variables.expand(word);
    const fetches = keyword === 'ADD' && (source === null ? mayBeRemote(word) : isRemote(source));
    if (fetches) remote.push(source ?? word);
    if (source === null || !fetches) sources.push(source === null ? null : contextPath(source, parents));
  }
  return { sources, from: [], remote };
}

/**
 * `RUN --mount`: a bind mount (the default type) without `from` reads the context, or only `source` if given
 * (https://docs.docker.com/reference/dockerfile/#run---mount).
 */
function mountReads({ flags }: Instruction, variables: Variables): Reads {
  const sources: (string | null)[] = [];
  const from: (string | null)[] = [];
  for (const flag of flags) {
    if (!flag.startsWith('--mount=')) continue;
    const options = mountOptions(flag.slice('--mount='.length));
    const type = options.get('type')?.toLowerCase() ?? 'bind';
    const origin = options.get('from');
    // BuildKit treats an empty `from` as absent (convert_runmount.go).
    if (origin !== undefined && origin !== '') from.push(variables.expand(origin));
    else if (type === 'bind') {
      const source = variables.expand(options.get('source') ?? options.get('src') ?? '.');
      sources.push(source === null ? null : contextPath(source, false));
    }
  }
  return { sources, from, remote: [] };
}

/** `key=value,…`. A whole field may be quoted, as in CSV. */
function mountOptions(text: string): Map<string, string> {
  const fields = text.match(/"(?:[^"]|"")*"|[^,]+/g) ?? [];
  return new Map(
    fields.map((field) => {
      const plain = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
      const equals = plain.indexOf('=');
      return equals < 0 ? [plain.toLowerCase(), ''] : [plain.slice(0, equals).toLowerCase(), plain.slice(equals + 1)];
    }),
  );
}

function flagValue(flags: readonly string[], name: string): string | null {
  return flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;
}

/** Sources never leave the context: `../x` and `/x` are `x`. With `--parents`, `**` stands for any folders, so everything below counts. */
function contextPath(source: string, parents: boolean): string {
  const path = rootedPath(source);
  const segments = path.split('/');
  const deep = parents ? segments.indexOf('**') : -1;
  const kept = deep < 0 ? path : segments.slice(0, deep).join('/');
  return kept === '' ? '.' : kept;
}

/** The text before an unknown variable may begin a URL. */
function mayBeRemote(word: string): boolean {
  const plain = word.replace(/^["']/, '').toLowerCase();
  const [begin = ''] = plain.split('$');
  return isRemote(plain) || urlSchemes.some((scheme) => scheme.startsWith(begin)) || /^[\w-]+@[\w.-]*$/.test(begin);
}

const urlSchemes = ['http://', 'https://', 'git://', 'ssh://'];

function isRemote(source: string): boolean {
  return /^(?:https?|git|ssh):\/\//i.test(source) || /^[\w-]+@[\w.-]+:/.test(source);
}
