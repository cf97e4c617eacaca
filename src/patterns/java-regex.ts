/**
 * Translates Java's regular expression syntax to RE2's where they differ. Sources: the documentation of `java.util.regex.Pattern` and RE2's
 * syntax page. Syntax that cannot run in linear time, or would silently mean something else, is a fault.
 */
export type Translated = { readonly text: string } | { readonly fault: string };

const horizontal = '\\t \\xA0\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}';
const vertical = '\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}';
const space = '\\t\\n\\x0B\\f\\r ';

/** Escapes for sets. The capital letter is the complement. */
const sets: Readonly<Record<string, string>> = { h: horizontal, v: vertical, s: space };

/** Escapes that RE2 spells differently. A match covers the whole path, so `\Z` and `\G` mean end and start. */
const single: Readonly<Record<string, string>> = { e: '\\x1B', Z: '\\z', G: '\\A', R: `(?:\\r\\n|[${vertical}])` };

/** `\p{Name}` of Java → the body of a class. */
const properties: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...Object.fromEntries(
      [
        'Lower',
        'Upper',
        'ASCII',
        'Alpha',
        'Digit',
        'Alnum',
        'Punct',
        'Graph',
        'Print',
        'Blank',
        'Cntrl',
        'XDigit',
        'Space',
      ].map((name) => [name, `[:${name.toLowerCase()}:]`]),
    ),
    javaLowerCase: '\\p{Ll}',
    javaUpperCase: '\\p{Lu}',
    javaWhitespace: space,
  }),
);

const faults = {
  lookAround: 'uses look-around, which cannot run in linear time',
  atomic: 'uses an atomic group "(?>", which cannot run in linear time',
  backReference: 'uses a back-reference, which cannot run in linear time',
  possessive: 'uses a possessive quantifier, which cannot run in linear time',
  classes: 'nests or intersects character classes ("[a[b]]", "&&"), which is not supported',
  brace: 'has a "{" that is not a repetition (write "\\{" for the character itself)',
  unclosed: 'has a "[" without its "]"',
} as const;

/** One piece of the text: its translation, and how many characters of the original it covers. */
type Piece = { readonly text: string; readonly length: number } | { readonly fault: string };

/** Translates a Java regular expression. RE2 reports syntax that is wrong in both languages. */
export function translateJavaRegex(text: string): Translated {
  let result = '';
  for (let at = 0; at < text.length;) {
    const piece = nextPiece(text, at);
    if ('fault' in piece) return piece;
    result += piece.text;
    at += piece.length;
  }
  return { text: result };
}

function nextPiece(text: string, at: number): Piece {
  const char = text.charAt(at);
  if (char === '\\') return escapePiece(text, at, false);
  if (char === '[') return classPiece(text, at);
  if (char === '(') return groupPiece(text, at);
  if ('*+?{'.includes(char)) return quantifierPiece(text, at);
  return { text: char, length: 1 };
}

function quantifierPiece(text: string, at: number): Piece {
  const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(text.slice(at, at + 24))?.[0];
  if (found === undefined) return { fault: faults.brace };
  const after = text.charAt(at + found.length);
  if (after === '+') return { fault: faults.possessive };
  const lazy = after === '?' ? '?' : '';
  return { text: found + lazy, length: found.length + lazy.length };
}

function groupPiece(text: string, at: number): Piece {
  const head = text.slice(at, at + 4);
  if (/^\(\?<?[=!]/.test(head)) return { fault: faults.lookAround };
  if (head.startsWith('(?>')) return { fault: faults.atomic };
  if (head.startsWith('(?P')) return { fault: 'uses "(?P", which is not Java\'s syntax' };
  const flags = /^\(\?([a-zA-Z]*)(-[a-zA-Z]*)?[:)]/.exec(text.slice(at, at + 24));
  if (flags === null || head.startsWith('(?:'))
    return head.startsWith('(?') ? { text: '(?', length: 2 } : { text: '(', length: 1 };
  const [whole, on = '', off = ''] = flags;
  if (/[^imsu-]/.test(on + off))
    return { fault: `uses the flags "${whole}", of which only i, m, s and u are supported` };
  // RE2 always ignores case by Unicode's rules, as Java does with `u`.
  const [set, unset] = [on, off.slice(1)].map((letters) => letters.replaceAll('u', ''));
  const kept = `${set}${unset ? `-${unset}` : ''}`;
  if (kept === '' && whole.endsWith(')')) return { text: '', length: whole.length };
  return { text: `(?${kept}${whole.at(-1)}`, length: whole.length };
}

function classPiece(text: string, start: number): Piece {
  let at = start + 1;
  let result = '[';
  if (text.charAt(at) === '^') {
    result += '^';
    at += 1;
  }
  for (const first = at; at < text.length;) {
    const char = text.charAt(at);
    if (char === ']' && at > first) return { text: `${result}]`, length: at + 1 - start };
    if (char === '[' || text.startsWith('&&', at)) return { fault: faults.classes };
    const piece: Piece = char === '\\' ? escapePiece(text, at, true) : { text: char, length: 1 };
    if ('fault' in piece) return piece;
    result += piece.text;
    at += piece.length;
  }
  return { fault: faults.unclosed };
}

function escapePiece(text: string, at: number, inClass: boolean): Piece {
  const next = text.charAt(at + 1);
  if (next === 'Q') return quotedPiece(text, at);
  if (next === 'k' || /[1-9]/.test(next)) return { fault: faults.backReference };
  if (next === 'p' || next === 'P') return propertyPiece(text, at, inClass);
  if ('u0cx'.includes(next) && next !== '') return codePiece(text, at);
  const set = sets[next.toLowerCase()];
  if (set !== undefined) return setPiece(next, set, inClass);
  const known = single[next];
  if (known !== undefined && (!inClass || next === 'e')) return { text: known, length: 2 };
  return { text: `\\${next}`, length: 2 };
}

function setPiece(letter: string, set: string, inClass: boolean): Piece {
  const complement = letter !== letter.toLowerCase();
  if (!inClass) return { text: `[${complement ? '^' : ''}${set}]`, length: 2 };
  if (!complement) return { text: set, length: 2 };
  return letter === 'S'
    ? { text: '\\S', length: 2 }
    : { fault: `uses "\\${letter}" inside a class, which is not supported` };
}

/** `\Q…\E`: everything up to `\E`, or to the end, is literal. */
function quotedPiece(text: string, at: number): Piece {
  const end = text.indexOf('\\E', at + 2);
  const literal = text.slice(at + 2, end === -1 ? text.length : end);
  const quoted = literal.replaceAll(/[\\^$.|?*+()[\]{}&-]/g, '\\$&');
  return { text: quoted, length: end === -1 ? text.length - at : end + 2 - at };
}

/** A character by its number: `\uHHHH` (two for a surrogate pair), `\xHH`, `\x{H…}`, `\0` and octal digits, `\cX`. */
function codePiece(text: string, at: number): Piece {
  const rest = text.slice(at, at + 12);
  const unicode =
    /^\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(rest) ?? /^\\u([0-9a-fA-F]{4})/.exec(rest);
  if (unicode !== null) {
    const units = unicode.slice(1).map((hex) => Number.parseInt(hex, 16));
    return codePoint(String.fromCharCode(...units).codePointAt(0) ?? 0, unicode[0].length);
  }
  const octal = /^\\0([0-3][0-7]{0,2}|[0-7]{1,2})/.exec(rest);
  if (octal !== null) return codePoint(Number.parseInt(octal[1] ?? '', 8), octal[0].length);
  const control = /^\\c([@-~])/.exec(rest);
  if (control !== null) return codePoint((control[1] ?? '').charCodeAt(0) ^ 64, control[0].length);
  const hexadecimal = /^\\x(?:\{([\da-fA-F]{1,6})\}|([\da-fA-F]{2}))/.exec(rest);
  if (hexadecimal !== null) {
    return codePoint(Number.parseInt(hexadecimal[1] ?? hexadecimal[2] ?? '', 16), hexadecimal[0].length);
  }
  return { fault: `has a bad escape "${rest.slice(0, 2)}"` };
}

const codePoint = (code: number, length: number): Piece => ({ text: `\\x{${code.toString(16)}}`, length });

function propertyPiece(text: string, at: number, inClass: boolean): Piece {
  const found = /^\\([pP])\{(\^?)([^}]*)\}/.exec(text.slice(at, at + 80));
  if (found === null) return { text: text.slice(at, at + 2), length: 2 };
  const [whole, letter = 'p', caret = '', name = ''] = found;
  const body = properties.get(name);
  if (body === undefined) {
    // Only Java writes `Is` before scripts and general categories.
    return { text: `\\${letter}{${caret}${name.replace(/^Is(?=.)/, '')}}`, length: whole.length };
  }
  if (letter === 'p') return { text: inClass ? body : `[${body}]`, length: whole.length };
  return inClass
    ? { fault: `uses "${whole}" inside a class, which is not supported` }
    : { text: `[^${body}]`, length: whole.length };
}
