import { printableJson } from '../printable.js';

/** What can be written. Undefined values and empty collections that are values of a key are left out. */
export type Writable =
  string | number | boolean | readonly Writable[] | { readonly [key: string]: Writable | undefined };

/** Words that mean something else than themselves when they stand alone. */
const plainKey = /^(?!(?:true|false|yes|no|on|off|null|y|n)$)[a-z][a-z0-9_-]*$/i;

/**
 * YAML that every version of YAML reads in the same way: each text is in double quotes, and keys too unless they are plain words. Nothing
 * in it moves the cursor of a terminal.
 */
export function emitYaml(value: { readonly [key: string]: Writable | undefined }): string {
  return `${linesOfMap(value).join('\n')}\n`;
}

const quote = (text: string): string => printableJson(JSON.stringify(text));

function linesOfMap(map: { readonly [key: string]: Writable | undefined }): string[] {
  return Object.entries(map).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const key = plainKey.test(name) ? name : quote(name);
    const below = linesOf(value);
    if (typeof value !== 'object') return [`${key}: ${below.join('')}`];
    if (below.length === 0) return [`${key}: ${Array.isArray(value) ? '[]' : '{}'}`];
    return [`${key}:`, ...below.map((line) => `  ${line}`)];
  });
}

function linesOf(value: Writable): string[] {
  if (typeof value === 'string') return [quote(value)];
  if (typeof value !== 'object') return [String(value)];
  if (!Array.isArray(value)) return linesOfMap(value as { readonly [key: string]: Writable | undefined });
  return (value as readonly Writable[]).flatMap((item) => {
    const [first = '{}', ...rest] = linesOf(item);
    return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
  });
}
