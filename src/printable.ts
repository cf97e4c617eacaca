/**
 * Makes text from repositories, builds and callers safe to print: characters that a terminal would obey become escapes such as `\u001b`.
 * These are C0, DEL and C1 (ECMA-48), line and paragraph separators, everything that changes the writing direction (Unicode's Bidi_Control,
 * UAX #9), and the deprecated and annotating format characters. All functions are linear.
 */
const unprintable = '\\p{Cc}\\p{Bidi_Control}\\u2028\\u2029\\u206a-\\u206f\\ufff9-\\ufffb';

const anyUnprintable = new RegExp(`[${unprintable}]`, 'gu');
/** Keeps C0 characters that lay out text. */
const unprintableButLayout = new RegExp(`(?![\\t\\n]|\\r\\n)[${unprintable}]`, 'gu');
/** Also keeps colours and weights (SGR): they move no cursor. */
const unprintableButLayoutAndColours = new RegExp(`(?![\\t\\n]|\\r\\n|\\u001b\\[[\\d;:]*m)[${unprintable}]`, 'gu');
/** The characters that JSON has no need to escape, and what it has escaped. */
const unprintableInJson = new RegExp(`\\\\(?:u[\\da-f]{4}|.)|[${unprintable}]`, 'giu');

/** One line, so that a name cannot fake another line. */
export function printable(text: string): string {
  return text.replace(anyUnprintable, escaped);
}

/** Several lines, with tabs, for messages. */
export function printableLines(text: string): string {
  return text.replace(unprintableButLayout, escaped);
}

/** Output of a build, with lines, tabs and colours. */
export function printableOutput(text: string): string {
  return text.replace(unprintableButLayoutAndColours, escaped);
}

/** Printable JSON with the same meaning. Line feeds between tokens stay. */
export function printableJson(json: string): string {
  return json.replace(unprintableInJson, (found) =>
    found === '\n' || found.startsWith('\\') ? found : unicodeEscape(found),
  );
}

/** JSON for a printer that removes one level of escapes. Its output is printable, with lines and tabs. */
export function twiceEscapedJson(json: string): string {
  return json.replace(unprintableInJson, (found) => {
    if (found === '\n' || /^\\["\\/nt]$/.test(found)) return found;
    const meant = found.startsWith('\\') ? String(JSON.parse(`"${found}"`)) : found;
    return printable(meant) === meant ? found : `\\${escaped(meant)}`;
  });
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

const escaped = (character: string): string => shortEscapes[character] ?? unicodeEscape(character);

const unicodeEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
