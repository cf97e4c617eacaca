import { SlipwayError } from '../../errors.js';
import { MAX_DOCKERFILE_BYTES } from './file-limits.js';
import { grouped } from '../../grouped.js';
import { cutWord, trimSpace, trimStart } from './blanks.js';
import { heredocsOf, LineIndex } from './heredocs.js';
import { readFlags } from './flags.js';
import { unread, unreadLine } from './refusal.js';
import { splitArguments } from './words.js';

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

/**
 * Splits a Dockerfile into instructions (https://docs.docker.com/reference/dockerfile/#format), in linear time.
 * @throws SlipwayError `dockerfile-unread` for an unknown instruction, `dockerfile-invalid` beyond the limits.
 */
export function readLines(text: string): DockerfileLines {
  const lines = linesOf(text);
  const { syntax, escape, fault } = readDirectives(lines);
  if (fault !== null) throw unread(fault);
  const joiner = new Joiner(lines, escape);
  const index = new LineIndex(lines);
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length;) {
    const start = at;
    const { joined, next } = joiner.from(start);
    at = next;
    if (trimSpace(joined) === '') continue;
    const place = { line: start + 1, escape };
    const instruction = parse(joined, place);
    if (mayOpenHeredoc(instruction, place)) at = index.afterAll(heredocsOf(joined), next);
    instructions.push({ ...instruction, line: start + 1, lastLine: next, heredocEnd: at });
    if (instructions.length > MAX_INSTRUCTIONS) throw tooMany();
  }
  return { syntax, escape, instructions };
}

interface Place {
  readonly line: number;
  readonly escape: string;
}

/** ADD, COPY and RUN, also in ONBUILD, but not with a JSON array (parser.go `canContainHeredoc`). */
function mayOpenHeredoc({ keyword, rest }: Pick<Instruction, 'keyword' | 'rest'>, place: Place): boolean {
  if (keyword === 'ONBUILD' && rest !== '') return opensHeredoc(parse(rest, place));
  return opensHeredoc({ keyword, rest });
}

const opensHeredoc = ({ keyword, rest }: Pick<Instruction, 'keyword' | 'rest'>): boolean =>
  ['ADD', 'COPY', 'RUN'].includes(keyword) && !(rest.startsWith('[') && splitArguments(rest).json);

const tooMany = (): SlipwayError =>
  new SlipwayError('dockerfile-invalid', `The Dockerfile has more than ${grouped(MAX_INSTRUCTIONS)} instructions.`);

function linesOf(text: string): readonly string[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_DOCKERFILE_BYTES)
    throw new SlipwayError(
      'dockerfile-invalid',
      `The Dockerfile has ${grouped(bytes)} bytes; the limit is ${grouped(MAX_DOCKERFILE_BYTES)}.`,
    );
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(withoutReturns);
}

/** parser.go `trimNewline`. */
function withoutReturns(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(0, end);
}

/** Joins the lines of an instruction (parser.go `Parse`). */
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
      const trimmed = trimStart(line);
      const passed = trimmed === '' || trimmed.startsWith('#');
      if (passed && joined === '') break;
      if (passed) continue;
      open = this.#continued.test(line);
      const kept = open ? line.replace(this.#continued, '') : line;
      joined += joined === '' ? trimStart(kept) : kept;
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

/** Directives at the top, each at most once (moby/buildkit, frontend/dockerfile/parser/directives.go `ParseLine`). */
function readDirectives(
  lines: Iterable<string>,
): Pick<DockerfileLines, 'syntax' | 'escape'> & { fault: string | null } {
  const found = new Map<string, string>();
  let fault: string | null = null;
  for (const line of lines) {
    const directive = readDirective(trimStart(line));
    if (directive === null) break;
    const { name, value } = directive;
    if (found.has(name)) fault ??= `the directive ${name} stands there twice`;
    else found.set(name, value);
  }
  const escape = found.get('escape') ?? '\\';
  if (escape !== '`' && escape !== '\\') fault ??= 'its escape character is neither \\ nor `';
  return { syntax: found.get('syntax') ?? null, escape: escape === '`' ? '`' : '\\', fault };
}

const directiveNames: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

/** `# name = value`. Uses positions: an expression with blanks on both sides of the value takes quadratic time. */
function readDirective(line: string): { readonly name: string; readonly value: string } | null {
  const equals = line.indexOf('=');
  if (!line.startsWith('#') || equals < 0) return null;
  const name = trimRegexSpace(trimStart(line.slice(1, equals))).toLowerCase();
  const value = trimRegexSpace(line.slice(equals + 1));
  return directiveNames.has(name) && value !== '' ? { name, value } : null;
}

/** Trims what `\s` is in Go's regular expressions. */
function trimRegexSpace(text: string): string {
  const isBlank = (char: string | undefined) => char !== undefined && '\t\n\f\r '.includes(char);
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

/** The instruction of a line or of an ONBUILD (parser/split_command.go `splitCommand`). */
export function parse(joined: string, { line, escape }: Place): Pick<Instruction, 'keyword' | 'flags' | 'rest'> {
  const { word, after } = cutWord(trimSpace(joined));
  const keyword = word.toUpperCase();
  if (!knownKeywords.has(keyword)) throw unreadLine({ line }, `unknown instruction ${word.slice(0, 100)}`);
  return { keyword, ...readFlags(after ?? '', escape) };
}
