import { SlipwayError } from '../../errors.js';
import { MAX_DOCKERFILE_BYTES } from './file-limits.js';
import { grouped } from '../../grouped.js';
import { heredocsOf, LineIndex } from './heredocs.js';
import { readFlags } from './flags.js';

/** One instruction as written, with continuation lines joined and inner comments dropped. */
export interface Instruction {
  /** Upper case. */
  readonly keyword: string;
  readonly flags: readonly string[];
  /** The text after keyword and flags. */
  readonly rest: string;
  /** Line numbers from 1: the first line, the instruction's last line, and the last line of its here-documents. */
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

/** More than anybody writes, and few enough to read in milliseconds. */
export const MAX_INSTRUCTIONS = 10_000;

const knownKeywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);
const takesHeredoc = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i;

/**
 * Splits a Dockerfile into instructions (https://docs.docker.com/reference/dockerfile/#format), in linear time.
 * @throws SlipwayError `dockerfile-invalid` for an unknown instruction or beyond the limits.
 */
export function readLines(text: string): DockerfileLines {
  const lines = linesOf(text);
  const { syntax, escape } = readDirectives(lines);
  const joiner = new Joiner(lines, escape);
  const index = new LineIndex(lines);
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length;) {
    const start = at;
    const { joined, next } = joiner.from(start);
    at = next;
    if (joined.trim() === '') continue;
    if (takesHeredoc.test(joined)) at = index.afterAll(heredocsOf(joined), next);
    instructions.push({ ...parse(joined.trim(), start + 1), line: start + 1, lastLine: next, heredocEnd: at });
    if (instructions.length > MAX_INSTRUCTIONS) throw tooMany();
  }
  return { syntax, escape, instructions };
}

const tooMany = (): SlipwayError =>
  new SlipwayError('dockerfile-invalid', `The Dockerfile has more than ${grouped(MAX_INSTRUCTIONS)} instructions.`);

function linesOf(text: string): readonly string[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_DOCKERFILE_BYTES)
    throw new SlipwayError(
      'dockerfile-invalid',
      `The Dockerfile has ${grouped(bytes)} bytes; the limit is ${grouped(MAX_DOCKERFILE_BYTES)}.`,
    );
  return text.replace(/^\uFEFF/, '').split(/\r?\n/);
}

/** Joins the lines of an instruction. */
class Joiner {
  /** An escape character after another one is itself escaped. */
  readonly #continued: RegExp;

  constructor(
    private readonly lines: readonly string[],
    escape: '\\' | '`',
  ) {
    this.#continued = escape === '\\' ? /(?<!\\)\\[ \t]*$/ : /(?<!`)`[ \t]*$/;
  }

  /** The instruction that begins at a line, and the next line. The text is empty for a line without an instruction. */
  from(start: number): { readonly joined: string; readonly next: number } {
    let joined = '';
    let at = start;
    for (let open = true; open && at < this.lines.length;) {
      const line = this.lines[at] ?? '';
      at += 1;
      const passed = /^\s*#/.test(line) || line.trim() === '';
      if (passed && joined === '') break;
      if (passed) continue;
      open = this.#continued.test(line);
      const kept = open ? line.replace(this.#continued, '') : line;
      joined += joined === '' ? kept.trimStart() : kept;
    }
    return { joined, next: at };
  }
}

/** The frontend image that `# syntax=` names, or null. Also works for a file that is otherwise not a Dockerfile. */
export function readSyntax(text: string): string | null {
  return readDirectives(firstLines(text)).syntax;
}

/** The comment lines at the top. Only these can be directives. */
function* firstLines(text: string): Generator<string> {
  const plain = text.replace(/^\uFEFF/, '');
  for (let at = 0; at <= plain.length;) {
    const end = plain.indexOf('\n', at);
    yield plain.slice(at, end < 0 ? plain.length : end);
    if (end < 0) return;
    at = end + 1;
  }
}

function readDirectives(lines: Iterable<string>): Pick<DockerfileLines, 'syntax' | 'escape'> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const directive = readDirective(line.trim());
    if (directive === null) break;
    found.set(directive.name, directive.value);
  }
  return { syntax: found.get('syntax') ?? null, escape: found.get('escape') === '`' ? '`' : '\\' };
}

const directiveNames: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

/** `# name = value`. Uses positions: an expression with blanks on both sides of the value takes quadratic time. */
function readDirective(line: string): { readonly name: string; readonly value: string } | null {
  const equals = line.indexOf('=');
  if (!line.startsWith('#') || equals < 0) return null;
  const name = line.slice(1, equals).trim().toLowerCase();
  const value = line.slice(equals + 1).trim();
  return directiveNames.has(name) && value !== '' ? { name, value } : null;
}

/** The instruction of a line or of an ONBUILD. */
export function parse(joined: string, line: number): Pick<Instruction, 'keyword' | 'flags' | 'rest'> {
  const [, word = '', after = ''] = /^(\S+)\s*(.*)$/s.exec(joined) ?? [];
  const keyword = word.toUpperCase();
  if (!knownKeywords.has(keyword))
    throw new SlipwayError('dockerfile-invalid', `Dockerfile line ${line}: unknown instruction ${word.slice(0, 100)}.`);
  return { keyword, ...readFlags(after) };
}
