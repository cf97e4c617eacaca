import { isSpace, splitWords } from './blanks.js';
import { variableName } from './shell-words.js';

/** A variable's value; undefined if it is not set, null if it cannot be known here. */
export type Lookup = (name: string) => string | null | undefined;

/**
 * The arguments of COPY, ADD and the like: a JSON array of strings, or words between blanks (moby/buildkit,
 * frontend/dockerfile/parser/line_parsers.go `parseMaybeJSONToList`).
 */
export function splitArguments(rest: string): { readonly json: boolean; readonly words: readonly string[] } {
  if (rest.startsWith('[')) {
    const words = parseStringArray(rest);
    if (words) return { json: true, words };
  }
  return { json: false, words: splitWords(rest) };
}

function parseStringArray(text: string): string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
  } catch {
    return null;
  }
}

/**
 * Words of ENV, ARG and LABEL (line_parsers.go `parseWords`). Blanks inside quotes or after the escape character do not separate. An escape
 * character at the very end is dropped.
 */
export function splitPairs(rest: string, escape: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < rest.length; at += 1) {
    const char = rest[at] ?? '';
    if (quote === '' && isSpace(char)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    if (char !== escape || quote === "'") word += char;
    else if (at + 1 < rest.length) {
      at += 1;
      word += char + (rest[at] ?? '');
    }
  }
  return word === '' ? words : [...words, word];
}

/**
 * Expands `$x`, `${x}`, `${x:-y}`, `${x-y}`, `${x:+y}`, `${x+y}`, `${x:?y}`, `${x?y}` and removes quotes and escapes
 * (https://docs.docker.com/reference/dockerfile/#environment-replacement; moby/buildkit, frontend/dockerfile/shell/lex.go). Null if the result cannot be known: an unknown variable, another
 * form (`${x#y}`), or broken syntax.
 */
export function expand(word: string, escape: string, lookup: Lookup): string | null {
  const reader = new WordReader(word, escape, lookup);
  const expanded = reader.until('');
  return reader.isLost ? null : expanded;
}

/** A word with more characters, or variables nested deeper, counts as unknown: no path is so long. */
const MAX_WORD_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 100;

const append = (out: string | null, piece: string | null): string | null =>
  out === null || piece === null || out.length + piece.length > MAX_WORD_CHARACTERS ? null : out + piece;

class WordReader {
  #at = 0;
  #depth = 0;
  /** True once the structure can no longer be recognised. */
  isLost = false;

  constructor(
    private readonly text: string,
    private readonly escape: string,
    private readonly lookup: Lookup,
  ) {}

  /** Reads up to the closing character (outside quotes), or to the end if it is ''. Also reads past what cannot be known. */
  until(end: string): string | null {
    let out: string | null = '';
    while (this.#at < this.text.length) {
      const char = this.#take();
      if (end !== '' && char === end) return out;
      out = append(out, this.#piece(char));
    }
    return end === '' ? out : this.#lose();
  }

  #lose(): null {
    this.isLost = true;
    return null;
  }

  #take(): string {
    const char = this.text[this.#at] ?? '';
    this.#at += 1;
    return char;
  }

  #piece(char: string): string | null {
    if (char === "'") return this.#singleQuoted();
    if (char === '"') return this.#doubleQuoted();
    if (char === '$') return this.#variable();
    if (char !== this.escape) return char;
    // BuildKit drops an escape at the very end.
    return this.#take();
  }

  #singleQuoted(): string | null {
    const end = this.text.indexOf("'", this.#at);
    if (end < 0) return this.#lose();
    const inside = this.text.slice(this.#at, end);
    this.#at = end + 1;
    return inside;
  }

  #doubleQuoted(): string | null {
    let out: string | null = '';
    while (this.#at < this.text.length) {
      const char = this.#take();
      if (char === '"') return out;
      const next = this.text[this.#at] ?? '';
      if (char === this.escape && ['"', '$', this.escape].includes(next)) out = append(out, this.#take());
      else out = append(out, char === '$' ? this.#variable() : char);
    }
    return this.#lose();
  }

  #variable(): string | null {
    if (this.text[this.#at] === '{') return this.#braced();
    const [name] = this.#match(plainName);
    if (name === undefined) return '$';
    return this.#value(name);
  }

  #braced(): string | null {
    const [head, name = '', operator = ''] = this.#match(bracedName);
    if (head === undefined) return this.#lose();
    if (operator === '}') return this.#value(name);
    const value = this.lookup(name);
    this.#depth += 1;
    const other = this.#depth > MAX_DEPTH ? this.#lose() : this.until('}');
    this.#depth -= 1;
    return value === null ? null : choose(operator, value, other);
  }

  /** Takes what the pattern matches here. */
  #match(pattern: RegExp): readonly (string | undefined)[] {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text) ?? [];
    this.#at += found[0]?.length ?? 0;
    return found;
  }

  #value(name: string): string | null {
    const value = this.lookup(name);
    return value === undefined ? '' : value;
  }
}

const plainName = new RegExp(variableName, 'uy');
const bracedName = new RegExp(`\\{(${variableName})(\\}|:?[-+?])`, 'uy');

/** With a colon, an empty variable counts as unset. The engine fails the build if `?` finds no value. */
function choose(operator: string, value: string | undefined, other: string | null): string | null {
  const missing = value === undefined || (value === '' && operator.startsWith(':'));
  if (operator.endsWith('+')) return missing ? '' : other;
  if (operator.endsWith('-')) return missing ? other : value;
  return missing ? null : value;
}
