import { nearName } from '../near-names.js';
import type { RunFileCode, Variables } from '../model/run-file.js';

/** Defaults inside of defaults. */
const MAX_NESTING = 20;
/** Characters that all values of one run file may come to. */
const MAX_CHARACTERS = 1024 * 1024;

/** A text with its variables put in. */
export interface Expanded {
  readonly text: string;
  /** The text as a run file writes it: secrets as `${NAME}`, every other `$` doubled. */
  readonly written: string;
  readonly secret: boolean;
}

export interface TemplateFault {
  readonly code: RunFileCode;
  readonly message: string;
  /** The variable that is missing, or null. */
  readonly variable: string | null;
}

/** What one run file's templates share. */
export interface TemplateContext {
  readonly variables: Variables;
  /** Characters that may still be produced. */
  left: number;
}

export const createTemplateContext = (variables: Variables): TemplateContext => ({ variables, left: MAX_CHARACTERS });

const nothing: Expanded = { text: '', written: '', secret: false };
const plain = (text: string): Expanded => ({ text, written: text.replaceAll('$', () => '$$'), secret: false });
const join = (parts: readonly Expanded[]): Expanded => ({
  text: parts.map(({ text }) => text).join(''),
  written: parts.map(({ written }) => written).join(''),
  secret: parts.some(({ secret }) => secret),
});

const dollar = /\$(?:(?<escaped>\$)|(?<named>[_a-zA-Z][_a-zA-Z0-9]*)|\{)/g;
const braced = /^\{(?<name>[_a-zA-Z][_a-zA-Z0-9]*)(?:\}|(?<operator>:?[-+?]))/;

/**
 * Puts variables into a text by Compose's grammar: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}`,
 * `${NAME?message}`, `${NAME:+instead}`, `${NAME+instead}`, and `$$` for `$`. Values are not read again. What is not used is not evaluated.
 * `touched` collects the secret variables that the result depends on.
 */
export function expand(
  text: string,
  context: TemplateContext,
  touched: Set<string>,
): { readonly value: Expanded; readonly faults: readonly TemplateFault[] } {
  const expansion = new Expansion(context, touched);
  const value = expansion.expand(text, 0);
  return { value, faults: expansion.faults };
}

class Expansion {
  readonly faults: TemplateFault[] = [];

  constructor(
    private readonly context: TemplateContext,
    private readonly touched: Set<string>,
  ) {}

  expand(text: string, nesting: number): Expanded {
    if (nesting > MAX_NESTING) return this.#invalid(`Variables nest deeper than ${MAX_NESTING} levels.`);
    const parts: Expanded[] = [];
    let done = 0;
    dollar.lastIndex = 0;
    for (let found = next(text, 0); found !== null && this.faults.length < MAX_NESTING; found = next(text, done)) {
      parts.push(this.#take(plain(text.slice(done, found.index))));
      done = found.index + found[0].length;
      if (found.groups?.escaped !== undefined) parts.push(this.#take(plain('$')));
      else if (found.groups?.named !== undefined) parts.push(this.#required(found.groups.named));
      else {
        const end = this.#braced(text, found.index + 1, nesting, parts);
        if (end === null) return nothing;
        done = end;
      }
    }
    parts.push(this.#take(plain(text.slice(done))));
    return join(parts);
  }

  /** Expands the braces that open at `at`. Returns where they end, or null if they are no variable. */
  #braced(text: string, at: number, nesting: number, parts: Expanded[]): number | null {
    const found = braced.exec(text.slice(at, at + MAX_NAME_CHARACTERS));
    const { name, operator } = found?.groups ?? {};
    if (found === null || name === undefined) return this.#noVariable();
    const start = at + found[0].length;
    if (operator === undefined) {
      parts.push(this.#required(name));
      return start;
    }
    const end = endOfBraces(text, at);
    if (end === null) return this.#noVariable();
    parts.push(this.#choose(name, operator, text.slice(start, end), nesting));
    return end + 1;
  }

  #choose(name: string, operator: string, word: string, nesting: number): Expanded {
    const variable = this.context.variables.get(name);
    const given = variable !== undefined && (variable.value !== '' || !operator.startsWith(':'));
    if (variable?.secret === true) this.touched.add(name);
    if (operator.endsWith('+')) return given ? this.expand(word, nesting + 1) : nothing;
    if (given) return this.#required(name);
    if (operator.endsWith('-')) return this.expand(word, nesting + 1);
    const { written } = this.expand(word, nesting + 1);
    this.#missing(name, written === '' ? null : written.replaceAll('$$', () => '$'));
    return nothing;
  }

  #required(name: string): Expanded {
    const variable = this.context.variables.get(name);
    if (variable === undefined) {
      this.#missing(name, null);
      return nothing;
    }
    if (!variable.secret) return this.#take(plain(variable.value));
    this.touched.add(name);
    return this.#take({ text: variable.value, written: `\${${name}}`, secret: true });
  }

  #take(part: Expanded): Expanded {
    this.context.left -= part.text.length;
    if (this.context.left >= 0) return part;
    return this.#invalid(`The values of this file come to more than ${MAX_CHARACTERS} characters.`);
  }

  #missing(variable: string, message: string | null): void {
    const near = nearName(variable, [...this.context.variables.keys()]);
    const hint = near === null ? '' : ` Did you mean \`${near}\`?`;
    const text =
      message === null
        ? `The variable \`${variable}\` is not set.${hint}`
        : `The variable \`${variable}\` is not set: ${message}`;
    this.#fault({ code: 'variable-missing', message: text, variable });
  }

  #noVariable(): null {
    this.#invalid('`${` begins no variable. Write `$$` for a `$` of the text.');
    return null;
  }

  #invalid(message: string): Expanded {
    this.#fault({ code: 'run-file-invalid', message, variable: null });
    return nothing;
  }

  #fault(fault: TemplateFault): void {
    if (!this.faults.some(({ message }) => message === fault.message)) this.faults.push(fault);
  }
}

/** Longer names are no variables. */
const MAX_NAME_CHARACTERS = 1024;

function next(text: string, from: number): RegExpExecArray | null {
  dollar.lastIndex = from;
  return dollar.exec(text);
}

/**
 * Where the braces end that open at `at`. As in Compose, a brace in the word counts without `$`, the character behind an opening brace
 * never closes, all has to be on one line, and if braces stay open the last one of the line ends them.
 */
function endOfBraces(text: string, at: number): number | null {
  const lineEnd = text.indexOf('\n', at);
  const last = text.lastIndexOf('}', lineEnd === -1 ? text.length : lineEnd);
  if (last <= at) return null;
  let open = 0;
  for (let position = at; position <= last; position += 1) {
    if (text[position] === '{') {
      open += 1;
      position += 1;
    } else if (text[position] === '}') {
      open -= 1;
      if (open === 0) return position;
    }
  }
  return last;
}
