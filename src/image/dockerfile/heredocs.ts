import { isBlank, unquote } from './flags.js';

/** A here-document as an instruction opens it: its end line, and whether tabs before that line are ignored. */
export interface Heredoc {
  readonly name: string;
  readonly tabs: boolean;
}

/** The here-documents that an instruction opens, in order. */
export function heredocsOf(joined: string): Heredoc[] {
  const found: Heredoc[] = [];
  for (const word of shellWords(joined)) {
    const [, dash = '', name = ''] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
    const plain = unquote(name);
    if (plain !== '') found.push({ name: plain, tabs: dash === '-' });
  }
  return found;
}

/** Splits words at blanks outside quotes and keeps the quotes. A quote without an end also separates words. */
function* shellWords(text: string): Generator<string> {
  let start = 0;
  for (let at = 0; at < text.length;) {
    const char = text[at] ?? '';
    const end = endOfPiece(text, at);
    if (end === null || isBlank(char)) {
      if (at > start) yield text.slice(start, at);
      at += 1;
      start = at;
    } else at = end;
  }
  if (text.length > start) yield text.slice(start);
}

/** Where the character, escape or quoted part that begins here ends. Null if it has no end. */
function endOfPiece(text: string, at: number): number | null {
  const char = text[at];
  if (char === '\\') return at + 1 < text.length ? at + 2 : null;
  if (char === "'") {
    const end = text.indexOf("'", at + 1);
    return end < 0 ? null : end + 1;
  }
  if (char !== '"') return at + 1;
  for (let next = at + 1; next < text.length; next += text[next] === '\\' ? 2 : 1)
    if (text[next] === '"') return next + 1;
  return null;
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
