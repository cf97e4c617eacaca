import { unread } from './refusal.js';
import { shellWords } from './shell-words.js';

/** A here-document as an instruction opens it: its end line, and whether tabs before that line are ignored. */
export interface Heredoc {
  readonly name: string;
  readonly tabs: boolean;
}

/**
 * The here-documents that an instruction opens, in order (moby/buildkit, frontend/dockerfile/parser/parser.go `heredocsFromLine`). A line
 * that the shell lexer cannot split opens none.
 * @throws SlipwayError `dockerfile-unread` for a name that BuildKit cannot read.
 */
export function heredocsOf(joined: string): readonly Heredoc[] {
  if (!joined.includes('<<')) return [];
  return (shellWords(joined, { raw: true }) ?? []).flatMap((word) => {
    const found = readHeredoc(word);
    if (found === 'broken') throw unread(`the here-document ${word.slice(0, 100)} has no name that can be read`);
    return found ?? [];
  });
}

/** Whether a source of COPY or ADD is a here-document (instructions/parse.go `parseSourcesAndDest`), also in a JSON array. */
export const isHeredoc = (word: string): boolean => typeof readHeredoc(word) === 'object' && readHeredoc(word) !== null;

/** Reads one word (parser.go `ParseHeredoc`, `heredocFromMatch`). Null if it opens none. */
function readHeredoc(word: string): Heredoc | 'broken' | null {
  const [, dash, rest = ''] = /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(word) ?? [];
  if (rest === '') return null;
  const names = shellWords(rest, { raw: false });
  if (names === null) return 'broken';
  const [name, ...more] = names;
  return name === undefined || more.length > 0 ? null : { name, tabs: dash === '-' };
}

/** Finds lines by their text. Built once per file: up to 100,000 here-documents use it. */
export class LineIndex {
  #exact: ReadonlyMap<string, readonly number[]> | null = null;
  #withoutTabs: ReadonlyMap<string, readonly number[]> | null = null;

  constructor(private readonly lines: readonly string[]) {}

  /**
   * Index of the line after the here-documents, the first of which begins at `from`. A here-document without an end does not count: engines
   * before 23 do not know here-documents and build such a file, newer ones report the error themselves.
   */
  afterAll(heredocs: readonly Heredoc[], from: number): number {
    let at = from;
    for (const heredoc of heredocs) {
      const end = this.#find(heredoc, at);
      if (end === null) return from;
      at = end + 1;
    }
    return at;
  }

  #find({ name, tabs }: Heredoc, from: number): number | null {
    const places = (tabs ? this.#strippedLines() : this.#exactLines()).get(name) ?? [];
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((places[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return places[low] ?? null;
  }

  #exactLines(): ReadonlyMap<string, readonly number[]> {
    return (this.#exact ??= placesOf(this.lines, (line) => line));
  }

  #strippedLines(): ReadonlyMap<string, readonly number[]> {
    return (this.#withoutTabs ??= placesOf(this.lines, (line) => line.replace(/^\t+/, '')));
  }
}

function placesOf(lines: readonly string[], textOf: (line: string) => string): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [at, line] of lines.entries()) {
    const text = textOf(line);
    const known = places.get(text);
    if (known) known.push(at);
    else places.set(text, [at]);
  }
  return places;
}
