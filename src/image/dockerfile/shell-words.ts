import { isSpace } from './blanks.js';

/** Substitutions inside of one another. BuildKit has no limit; no real line comes near. */
const MAX_DEPTH = 100;

export interface LexOptions {
  /** Keep quotes and escapes as they are. */
  readonly raw: boolean;
}

/**
 * Splits a line into words as BuildKit's shell lexer does while it looks for here-documents (moby/buildkit,
 * frontend/dockerfile/shell/lex.go `ProcessWords` with `SkipUnsetEnv` and no variables; the escape is always `\`). Null if it fails: an
 * open quote, or a substitution that it does not know.
 */
export function shellWords(text: string, options: LexOptions): readonly string[] | null {
  const lexer = new Lexer(text, options.raw);
  return lexer.until('') === null ? null : lexer.words;
}

/** Names of variables (lex.go `processName`): letters of any script, all digits of `$12`, or one special character. */
export const variableName = '(?:\\p{Nd}+|[@*#?$!-]|[\\p{L}_][\\p{L}\\p{Nd}_]*)';

const namePattern = new RegExp(variableName, 'uy');

class Lexer {
  words: string[] = [];
  #word = '';
  #at = 0;
  #depth = 0;

  constructor(
    private readonly text: string,
    private readonly raw: boolean,
  ) {}

  /** Reads up to the closing character, or to the end if it is ''. Gives the text as one word, or null. */
  until(stop: string, raw = this.raw): string | null {
    // Go's lexer has one buffer for the current word, which each nested call empties.
    this.#word = '';
    const parts: string[] = [];
    while (this.#at < this.text.length) {
      const char = this.text[this.#at] ?? '';
      if (stop !== '' && char === stop) {
        this.#at += 1;
        this.#endWord();
        return parts.join('');
      }
      const piece = this.#piece(char, raw);
      if (piece === null) return null;
      parts.push(piece);
    }
    if (stop !== '') return null;
    this.#endWord();
    return parts.join('');
  }

  #endWord(): void {
    if (this.#word !== '' && this.#depth === 0) this.words.push(this.#word);
    this.#word = '';
  }

  /** Adds characters of which blanks separate words. */
  #add(text: string): void {
    for (const char of text) {
      if (!isSpace(char)) this.#word += char;
      else this.#endWord();
    }
  }

  #piece(char: string, raw: boolean): string | null {
    if (char === '$') {
      const value = this.#dollar();
      if (value !== null) this.#add(value);
      return value;
    }
    if (char === "'" || char === '"' || char === '<' || char === '\\') {
      const piece = this.#whole(char, raw);
      if (piece !== null) this.#word += piece;
      return piece;
    }
    this.#at += 1;
    this.#add(char);
    return char;
  }

  #whole(char: string, raw: boolean): string | null {
    if (char === "'") return this.#single();
    if (char === '"') return this.#double(raw);
    return char === '<' ? this.#arrows() : this.#escaped(raw);
  }

  #escaped(raw: boolean): string {
    const next = this.text[this.#at + 1] ?? '';
    this.#at += 2;
    return raw ? `\\${next}` : next;
  }

  #single(): string | null {
    const end = this.text.indexOf("'", this.#at + 1);
    if (end < 0) return null;
    const inside = this.text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return this.raw ? `'${inside}'` : inside;
  }

  #double(raw: boolean): string | null {
    const quote = this.raw ? '"' : '';
    const parts = [quote];
    this.#at += 1;
    while (this.#at < this.text.length) {
      const char = this.text[this.#at] ?? '';
      if (char === '$') {
        const value = this.#dollar();
        if (value === null) return null;
        parts.push(value);
        continue;
      }
      this.#at += 1;
      if (char === '"') return parts.join('') + quote;
      const next = this.text[this.#at] ?? '';
      if (char !== '\\') parts.push(char);
      else if (['"', '$', '\\'].includes(next)) {
        this.#at += 1;
        parts.push(raw ? `\\${next}` : next);
      } else parts.push(raw ? '\\\\' : '\\');
    }
    return null;
  }

  /** `<<` with the blanks behind it is one piece: BuildKit 0.22 and later accept blanks before a here-document's name. */
  #arrows(): string {
    const start = this.#at;
    this.#at += 1;
    if (this.text[this.#at] !== '<') return '<';
    this.#at += 1;
    while (['\t', '\r', ' '].includes(this.text[this.#at] ?? '')) this.#at += 1;
    return this.text.slice(start, this.#at);
  }

  #name(): string {
    namePattern.lastIndex = this.#at;
    const [name = ''] = namePattern.exec(this.text) ?? [];
    this.#at += name.length;
    return name;
  }

  /** No variable is set, so each stays as it is written. */
  #dollar(): string | null {
    this.#at += 1;
    if (this.text[this.#at] !== '{') return `$${this.#name()}`;
    this.#at += 1;
    if (['', '{', '}', ':'].includes(this.text[this.#at] ?? '')) return null;
    const name = this.#name();
    let operator = this.text[this.#at] ?? '';
    this.#at += 1;
    if (operator === '}') return `\${${name}}`;
    if (operator === ':') {
      operator += this.text[this.#at] ?? '';
      this.#at += 1;
    } else if (!['+', '-', '?', '#', '%', '/'].includes(operator)) return null;
    return this.#substitution(name, operator);
  }

  #substitution(name: string, operator: string): string | null {
    if (operator === ':#' || operator === ':%' || this.#depth >= MAX_DEPTH) return null;
    this.#depth += 1;
    const parts: string[] = [`\${${name}${operator}`];
    if (operator === '/') {
      if (this.text[this.#at] === '/') this.#at += 1;
      const pattern = this.until('/', true);
      if (pattern === null) return null;
      parts.push(pattern, '/');
    }
    const word = this.until('}', operator === '#' || operator === '%' || operator === '/');
    this.#depth -= 1;
    return word === null ? null : [...parts, word, '}'].join('');
  }
}
