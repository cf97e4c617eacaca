/**
 * Text from repositories, builds and callers, made fit to be printed: what a terminal obeys instead of showing it becomes an escape such as
 * `\u001b`. That is C0, DEL and C1 (ECMA-48), line and paragraph separators, all that turns the direction of writing (Unicode's
 * Bidi_Control, UAX #9), and the deprecated and annotating format characters. All functions take linear time.
 */
const UNPRINTABLE = '\\p{Cc}\\p{Bidi_Control}\\u2028\\u2029\\u206a-\\u206f\\ufff9-\\ufffb';

const ANY = new RegExp(`[${UNPRINTABLE}]`, 'gu');
/** Of C0, what lays out a text is left. */
const BUT_LAYOUT = new RegExp(`[\\t\\n]|\\r\\n|[${UNPRINTABLE}]`, 'gu');
/** Colours and weights (SGR) as well: they move no cursor and write nowhere. */
const BUT_LAYOUT_AND_COLOURS = new RegExp(`[\\t\\n]|\\r\\n|\\u001b\\[[\\d;:]*m|[${UNPRINTABLE}]`, 'gu');
/** The characters that JSON has no need to escape, and what it has escaped. */
const IN_JSON = new RegExp(`\\\\(?:u[\\da-f]{4}|.)|[${UNPRINTABLE}]`, 'giu');

/** On one line: a name cannot fake a line of its own. */
export function printable(text: string): string {
  return text.replace(ANY, escaped);
}

/** On several lines, with tabs: messages. */
export function printableLines(text: string): string {
  return text.replace(BUT_LAYOUT, escapedAlone);
}

/** Output of a build: lines, tabs, and colours as the tools gave them. */
export function printableOutput(text: string): string {
  return text.replace(BUT_LAYOUT_AND_COLOURS, escapedAlone);
}

/** JSON that prints as it is written, and means the same. Line feeds between its tokens stay. */
export function printableJson(json: string): string {
  return json.replace(IN_JSON, (found) => (found === '\n' || found.startsWith('\\') ? found : unicodeEscape(found)));
}

/** JSON for a printer that takes the escapes off again: what it then prints is printable, with lines and tabs. */
export function twiceEscapedJson(json: string): string {
  return json.replace(IN_JSON, (found) => {
    if (found === '\n' || /^\\["\\/nt]$/.test(found)) return found;
    const meant = found.startsWith('\\') ? String(JSON.parse(`"${found}"`)) : found;
    return printable(meant) === meant ? found : `\\${escaped(meant)}`;
  });
}

const SHORT: Readonly<Record<string, string>> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };

const escaped = (character: string): string => SHORT[character] ?? unicodeEscape(character);

const unicodeEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Longer finds are what may stay. */
const escapedAlone = (found: string): string =>
  found.length > 1 || found === '\n' || found === '\t' ? found : escaped(found);
