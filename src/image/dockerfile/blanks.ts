/**
 * What counts as a blank in a Dockerfile. BuildKit asks Go's unicode.IsSpace at the ends of lines and between the words of ENV and ARG, and
 * splits all other words at a short list (moby/buildkit, frontend/dockerfile/parser: parser.go `reWhitespace`, `trimLeadingWhitespace`;
 * line_parsers.go `parseWords`). JavaScript's `\s` is neither: it has U+FEFF and lacks U+0085.
 */

const space = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const oneSpace = new RegExp(`^[${space}]$`);
const firstNoSpace = new RegExp(`[^${space}]`);

/** Go's unicode.IsSpace (https://pkg.go.dev/unicode#IsSpace). */
export const isSpace = (char: string): boolean => oneSpace.test(char);

/** Go's bytes.TrimLeftFunc with unicode.IsSpace. */
export function trimStart(text: string): string {
  const start = text.search(firstNoSpace);
  return start < 0 ? '' : text.slice(start);
}

/** Go's strings.TrimSpace. */
export function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1] ?? '')) end -= 1;
  return trimStart(text.slice(0, end));
}

/** Words between blanks as BuildKit splits COPY, FROM and the like: a no-break space is part of a name. */
export const splitWords = (text: string): readonly string[] => text.split(/[\t\v\f\r ]+/).filter((word) => word !== '');

/** The first word, and the text after the blanks behind it. */
export function cutWord(text: string): { readonly word: string; readonly after: string | null } {
  const at = text.search(/[\t\v\f\r ]/);
  return at < 0
    ? { word: text, after: null }
    : { word: text.slice(0, at), after: text.slice(at).replace(/^[\t\v\f\r ]+/, '') };
}
