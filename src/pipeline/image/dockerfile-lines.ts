import { SlipwayError } from '../../errors.js';

/** One instruction as written: continuation lines joined, comments inside it dropped. */
export interface Instruction {
  /** Upper case. */
  readonly keyword: string;
  readonly flags: readonly string[];
  /** What follows keyword and flags. */
  readonly rest: string;
  /** Line numbers from 1: the first line, the last one of the instruction itself, the last one of its here-documents. */
  readonly line: number;
  readonly lastLine: number;
  readonly heredocEnd: number;
}

export interface DockerfileLines {
  /** The frontend image that `# syntax=` names. */
  readonly syntax: string | null;
  readonly escape: '\\' | '`';
  readonly instructions: readonly Instruction[];
}

const KNOWN = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const TAKES_HEREDOC = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i;
const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;

/**
 * Cuts a Dockerfile into instructions (https://docs.docker.com/reference/dockerfile/#format).
 * @throws SlipwayError `dockerfile-invalid` for an instruction that does not exist.
 */
export function readLines(text: string): DockerfileLines {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const { syntax, escape } = readDirectives(lines);
  // Behind another one the escape character is itself escaped.
  const continued = escape === '\\' ? /(?<!\\)\\[ \t]*$/ : /(?<!`)`[ \t]*$/;
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length;) {
    const start = at;
    let joined = '';
    let open = true;
    while (open && at < lines.length) {
      const line = lines[at] ?? '';
      at += 1;
      const passed = /^\s*#/.test(line) || line.trim() === '';
      if (passed && joined === '') break;
      if (passed) continue;
      open = continued.test(line);
      const kept = open ? line.replace(continued, '') : line;
      joined += joined === '' ? kept.trimStart() : kept;
    }
    if (joined.trim() === '') continue;
    const lastLine = at;
    if (TAKES_HEREDOC.test(joined)) at = heredocEnd(lines, at, joined);
    instructions.push({ ...parse(joined.trim(), start + 1), line: start + 1, lastLine, heredocEnd: at });
  }
  return { syntax, escape, instructions };
}

/** The frontend image that `# syntax=` names, also of a file that is no Dockerfile otherwise; null where there is none. */
export function readSyntax(text: string): string | null {
  return readDirectives(text.replace(/^\uFEFF/, '').split(/\r?\n/)).syntax;
}

function readDirectives(lines: readonly string[]): Pick<DockerfileLines, 'syntax' | 'escape'> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = DIRECTIVE.exec(line.trim()) ?? [];
    if (!['syntax', 'escape', 'check'].includes(name.toLowerCase())) break;
    found.set(name.toLowerCase(), value);
  }
  return { syntax: found.get('syntax') ?? null, escape: found.get('escape') === '`' ? '`' : '\\' };
}

/** The instruction of an ONBUILD, or of a line. */
export function parse(joined: string, line: number): Pick<Instruction, 'keyword' | 'flags' | 'rest'> {
  const [, word = '', after = ''] = /^(\S+)\s*(.*)$/s.exec(joined) ?? [];
  const keyword = word.toUpperCase();
  if (!KNOWN.has(keyword))
    throw new SlipwayError('dockerfile-invalid', `Dockerfile line ${line}: unknown instruction ${word}.`);
  const flags: string[] = [];
  let rest = after;
  for (let flag = FLAG.exec(rest); flag; flag = FLAG.exec(rest)) {
    rest = rest.slice(flag[0].length);
    if (flag[1] === '--') break;
    flags.push(unquote(flag[1] ?? ''));
  }
  return { keyword, flags, rest: rest.trim() };
}

/** `--name` with quoted or escaped parts, and the blanks behind it. */
const FLAG = /^(--(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])*)(?:\s+|$)/;

function unquote(flag: string): string {
  return flag.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? '');
}

/**
 * Index of the line behind the here-documents that the instruction opens. One without an end is taken for no here-document: engines
 * before 23 know none and build such a file; newer ones say themselves what is wrong.
 */
function heredocEnd(lines: readonly string[], from: number, joined: string): number {
  let at = from;
  for (const { name, tabs } of heredocsOf(joined)) {
    const end = lines.findIndex((line, index) => index >= at && (tabs ? line.replace(/^\t+/, '') : line) === name);
    if (end < 0) return from;
    at = end + 1;
  }
  return at;
}

function heredocsOf(joined: string): { name: string; tabs: boolean }[] {
  return shellWords(joined).flatMap((word) => {
    const [, dash = '', name = ''] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
    const plain = unquote(name);
    return plain === '' ? [] : [{ name: plain, tabs: dash === '-' }];
  });
}

/** Words at blanks outside quotes; the quotes stay. */
function shellWords(text: string): string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs) ?? [];
}
