import { rootedPath } from '../../patterns/paths.js';
import { flagValue, isFlagOn } from './flags.js';
import { isHeredoc } from './heredocs.js';
import type { Instruction } from './lines.js';
import { splitArguments } from './words.js';
import type { Variables } from './variables.js';

/** What one instruction reads. Null in `sources` and `from` means unknown. */
export interface Reads {
  /** Line of the instruction, from 1. */
  readonly line: number;
  /** Context paths or globs; '.' is the whole context. */
  readonly sources: readonly (string | null)[];
  /** The paths and globs that the engine asks a sync for, as far as known; '.' is the whole context. */
  readonly asked: readonly string[];
  /** Values of `from=`: stages or images. */
  readonly from: readonly (string | null)[];
  /** URLs that ADD fetches. */
  readonly remote: readonly string[];
}

type Read = Omit<Reads, 'line'>;

const noReads: Read = { sources: [], asked: [], from: [], remote: [] };

/** What COPY, ADD, and RUN with mounts read. Null for other instructions. */
export function readsOf(instruction: Instruction, variables: Variables): Reads | null {
  const { keyword, line } = instruction;
  if (keyword === 'COPY' || keyword === 'ADD') return { line, ...copyReads(instruction, variables) };
  return keyword === 'RUN' ? { line, ...mountReads(instruction, variables) } : null;
}

/**
 * COPY and ADD (moby/buildkit, frontend/dockerfile/instructions/parse.go `parseCopy`, `parseSourcesAndDest`, and dockerfile2llb/convert.go
 * `dispatch` for what is asked for). A here-document is no source, also in a JSON array.
 */
function copyReads({ keyword, flags, rest }: Instruction, variables: Variables): Read {
  const from = keyword === 'COPY' ? flagValue(flags, 'from') : null;
  if (from !== null) return { ...noReads, from: [variables.expand(from)] };
  const parents = keyword === 'COPY' && isFlagOn(flags, 'parents');
  const sources: (string | null)[] = [];
  const asked: string[] = [];
  const remote: string[] = [];
  for (const word of splitArguments(rest).words.slice(0, -1)) {
    if (isHeredoc(word)) continue;
    const source = soundPath(variables.expand(word));
    const fetches = keyword === 'ADD' && (source === null ? mayBeRemote(word) : isRemote(source));
    if (fetches) remote.push(source ?? word);
    if (source === null) sources.push(null);
    else if (!fetches || !isPlainRemote(source)) {
      sources.push(contextPath(source, parents));
      asked.push(contextPath(source, false));
    }
  }
  return { sources, asked, from: [], remote };
}

/**
 * `RUN --mount`: a bind mount (the default type) without `from` reads the context, or only `source` if given
 * (https://docs.docker.com/reference/dockerfile/#run---mount). The engine also asks for the `source` of a tmpfs, which it does not read
 * (moby/buildkit, frontend/dockerfile/dockerfile2llb/convert_runmount.go `dispatchRunMounts`).
 */
function mountReads({ flags }: Instruction, variables: Variables): Read {
  const sources: (string | null)[] = [];
  const asked: string[] = [];
  const from: (string | null)[] = [];
  for (const flag of flags) {
    if (!flag.startsWith('--mount=')) continue;
    const mount = readMount(flag.slice('--mount='.length), variables);
    // An empty `from` counts as none.
    if (mount.from !== '') from.push(mount.from);
    else if (mount.type === null || mount.type === 'bind' || mount.type === 'tmpfs') {
      const source = mount.source === null ? null : contextPath(mount.source, false);
      if (mount.type !== 'tmpfs') sources.push(source);
      if (source !== null) asked.push(source);
    }
  }
  return { sources, asked, from, remote: [] };
}

interface Mount {
  readonly type: string | null;
  readonly from: string | null;
  readonly source: string | null;
}

/**
 * `key=value,…`: keys in any case, every value may hold variables, and the last of several counts, whatever its alias
 * (moby/buildkit, frontend/dockerfile/instructions/commands_runmount.go `parseMount`).
 */
function readMount(text: string, variables: Variables): Mount {
  let mount: Mount = { type: 'bind', from: '', source: '' };
  for (const field of mountFields(text)) {
    const equals = field.indexOf('=');
    if (equals < 0) continue;
    const key = field.slice(0, equals).toLowerCase();
    const value = soundPath(variables.expand(field.slice(equals + 1)));
    if (key === 'type') mount = { ...mount, type: value?.toLowerCase() ?? null };
    if (key === 'from') mount = { ...mount, from: value };
    if (key === 'source' || key === 'src') mount = { ...mount, source: value };
  }
  return mount;
}

/** Fields of CSV. A whole field may be quoted. */
export const mountFields = (text: string): readonly string[] =>
  (text.match(/"(?:[^"]|"")*"|[^,]+/g) ?? []).map((field) =>
    field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
  );

/** The path, or null if bytes were lost when the Dockerfile was decoded. Flags hold the bytes of U+FFFD one by one. */
const soundPath = (path: string | null): string | null =>
  path === null || path.includes('\uFFFD') || path.includes('\u00ef\u00bf\u00bd') ? null : path;

/**
 * Sources never leave the context: `../x` and `/x` are `x`. With `--parents` a pattern is matched as in `.dockerignore`
 * (dockerfile2llb/convert_copy.go `dispatchCopy`): `**` stands for any folders also inside of a name, and sets and escapes follow other
 * rules than in plain globs. Everything below the folder in front of those counts.
 */
function contextPath(source: string, parents: boolean): string {
  const path = rootedPath(source);
  const segments = path.split('/');
  const deep = parents ? segments.findIndex((segment) => /\*\*|[[\\]|^!|^\s|\s$/.test(segment)) : -1;
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

/** Whether ADD may fetch it: by HTTP, or with git (frontend/dockerfile/dfgitutil/git_ref.go `ParseGitRef`), whose schemes have any case. */
export function isRemote(source: string): boolean {
  return /^(?:https?|git|ssh):\/\//i.test(source) || isScpStyle(source);
}

/** Whether it is never a path of the context: HTTP's schemes are lower-case (dockerfile2llb/convert_copy.go `isHTTPSource`). */
const isPlainRemote = (source: string): boolean => /^(?:https?|git|ssh):\/\//.test(source) || isScpStyle(source);

const isScpStyle = (source: string): boolean => /^[\w-]+@[\w.-]+:/.test(source);
