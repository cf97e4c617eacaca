/** A variable's value; undefined if it is not set, null if it cannot be known here. */
export type Lookup = (name: string) => string | null | undefined;

/** The arguments of COPY, ADD and the like: a JSON array of strings, or words between blanks. */
export function splitArguments(rest: string): { readonly json: boolean; readonly words: readonly string[] } {
  if (rest.startsWith('[')) {
    const words = parseStringArray(rest);
    if (words) return { json: true, words };
  }
  return { json: false, words: rest.split(/\s+/).filter((word) => word !== '') };
}

function parseStringArray(text: string): string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
  } catch {
    return null;
  }
}

/** Words of ENV, ARG and LABEL. Blanks inside quotes or after the escape character do not separate. */
export function splitPairs(rest: string, escape: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < rest.length; at += 1) {
    const char = rest[at] ?? '';
    if (quote === '' && /\s/.test(char)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    if (char === escape && quote !== "'" && at + 1 < rest.length) {
      word += char + (rest[at + 1] ?? '');
      at += 1;
      continue;
    }
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    word += char;
  }
  return word === '' ? words : [...words, word];
}

/**
 * Expands `$x`, `${x}`, `${x:-y}`, `${x-y}`, `${x:+y}`, `${x+y}`, `${x:?y}`, `${x?y}` and removes quotes and escapes
 * (https://docs.docker.com/reference/dockerfile/#environment-replacement). Null if the result cannot be known: an unknown variable, another
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
    return this.#at < this.text.length ? this.#take() : char;
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
    const [name] = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?!$-])/.exec(this.text.slice(this.#at)) ?? [];
    if (name === undefined) return '$';
    this.#at += name.length;
    return this.#value(name);
  }

  #braced(): string | null {
    const [head, name = '', operator = ''] = /^\{([A-Za-z0-9_]+)(\}|:?[-+?])/.exec(this.text.slice(this.#at)) ?? [];
    if (head === undefined) return this.#lose();
    this.#at += head.length;
    if (operator === '}') return this.#value(name);
    const value = this.lookup(name);
    this.#depth += 1;
    const other = this.#depth > MAX_DEPTH ? this.#lose() : this.until('}');
    this.#depth -= 1;
    return value === null ? null : choose(operator, value, other);
  }

  #value(name: string): string | null {
    const value = this.lookup(name);
    return value === undefined ? '' : value;
  }
}

/** With a colon, an empty variable counts as unset. The engine fails the build if `?` finds no value. */
function choose(operator: string, value: string | undefined, other: string | null): string | null {
  const missing = value === undefined || (value === '' && operator.startsWith(':'));
  if (operator.endsWith('+')) return missing ? '' : other;
  if (operator.endsWith('-')) return missing ? other : value;
  return missing ? null : value;
}
