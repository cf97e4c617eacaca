import { RE2JS } from 're2js';
import { translateJavaRegex } from './java-regex.js';

/**
 * What the first group of a regular expression in Java's syntax finds anywhere in a text, or all that the expression finds if it has no group.
 * Null if it finds nothing. Takes time that is linear in the text. The expression has no fault (see `regularExpressionFault`).
 */
export function findInText(source: string, text: string): string | null {
  const translated = translateJavaRegex(source);
  if ('fault' in translated) return null;
  const matcher = RE2JS.compile(translated.text).matcher(text);
  if (!matcher.find()) return null;
  return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
}
