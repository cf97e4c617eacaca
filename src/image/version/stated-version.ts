import { pomVersion } from './pom.js';
import { cargoVersion, pyprojectVersion } from './toml.js';

/** Reads the version that a file states. Null if it states none or has another format. */
type Reader = (content: string) => string | null;

/** The first line that is not blank. */
const firstLine: Reader = (content) => content.trim().split(/\r?\n/, 1)[0]?.trim() || null;

const packageJson: Reader = (content) => {
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed !== 'object' || parsed === null || !('version' in parsed)) return null;
    return typeof parsed.version === 'string' ? parsed.version.trim() || null : null;
  } catch {
    return null;
  }
};

/** `\u002e` is a character by its number. A backslash before anything else goes. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_whole, digits: string | undefined, other: string | undefined) =>
    digits === undefined ? (other ?? '') : String.fromCharCode(parseInt(digits, 16)),
  );

/** Java's properties (https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-): the last `version` counts. */
const properties: Reader = (content) => {
  const logical = content.replace(/(?<!\\)((?:\\\\)*)\\\r?\n[ \t\f]*/g, '$1');
  const values = logical.split(/\r?\n|\r/).flatMap((line) => {
    const found = /^[ \t\f]*version(?:[ \t\f]*[=:]|[ \t\f])[ \t\f]*(.*)$/.exec(line);
    return found === null ? [] : [unescaped(found[1] ?? '').trim()];
  });
  return values.at(-1) || null;
};

const readers: Readonly<Record<string, Reader>> = {
  VERSION: firstLine,
  'package.json': packageJson,
  'pom.xml': pomVersion,
  'gradle.properties': properties,
  'pyproject.toml': pyprojectVersion,
  'Cargo.toml': cargoVersion,
};

/** Files that are asked if the service names none, in this order. */
export const usualFiles: readonly string[] = [
  'VERSION',
  'package.json',
  'pom.xml',
  'gradle.properties',
  'pyproject.toml',
];

/** The first bytes of UTF-16 texts: a byte order mark, or `<?` without one (https://www.w3.org/TR/xml/#sec-guessing). */
const utf16: readonly { readonly first: string; readonly isBigEndian: boolean }[] = [
  { first: 'fffe', isBigEndian: false },
  { first: 'feff', isBigEndian: true },
  { first: '3c003f00', isBigEndian: false },
  { first: '003c003f', isBigEndian: true },
];
const MAX_MARK_BYTES = 4;

/** A byte order mark is not part of a version. Bytes that are neither UTF-16 nor UTF-8 become U+FFFD. */
function asText(content: Buffer): string {
  const start = content.subarray(0, MAX_MARK_BYTES).toString('hex');
  const wide = utf16.find(({ first }) => start.startsWith(first));
  // An odd last byte is no character.
  const even = content.subarray(0, content.length - (content.length % 2));
  const text =
    wide === undefined
      ? content.toString('utf8')
      : (wide.isBigEndian ? Buffer.from(even).swap16() : even).toString('utf16le');
  return text.replace(/^\ufeff/, '');
}

/** The version that a file states, as written, or null. The file's name decides how it is read. For unknown names the first line counts. */
export function statedVersion(fileName: string, content: Buffer): string | null {
  const reader = Object.hasOwn(readers, fileName) ? readers[fileName] : undefined;
  return (reader ?? firstLine)(asText(content));
}
