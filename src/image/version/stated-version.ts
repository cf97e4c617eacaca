import { pomVersion } from './pom.js';

/** Reads the version that a file states; null where it states none or is not what its name says. */
type Reader = (content: string) => string | null;

/** Of lines that are not blank. */
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

/** Java's properties (https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-): the last `version` counts. */
const properties: Reader = (content) => {
  const logical = content.replace(/(?<!\\)((?:\\\\)*)\\\r?\n[ \t\f]*/g, '$1');
  const values = logical.split(/\r?\n|\r/).flatMap((line) => {
    const found = /^[ \t\f]*version(?:[ \t\f]*[=:]|[ \t\f])[ \t\f]*(.*)$/.exec(line);
    return found === null ? [] : [(found[1] ?? '').replace(/\\(.)/g, '$1').trim()];
  });
  return values.at(-1) || null;
};

/** A TOML string on one line, with what may follow it. */
const tomlString = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:#.*)?$/;

/** `version` of `[project]` (PEP 621) or `[tool.poetry]`; a dynamic version is none. TOML: https://toml.io/en/v1.0.0 */
const pyprojectToml: Reader = (content) => {
  const versions = new Map<string, string>();
  let table = '';
  for (const line of outsideMultiline(content).map((text) => text.trim())) {
    const equals = line.indexOf('=');
    if (line.startsWith('[[')) table = '[].';
    else if (line.startsWith('[')) table = `${plainKey(line.slice(1, Math.max(line.indexOf(']'), 1)))}.`;
    else if (equals > 0 && !line.startsWith('#')) {
      const value = tomlString.exec(line.slice(equals + 1).trim());
      if (value !== null) versions.set(table + plainKey(line.slice(0, equals)), (value[1] ?? value[2] ?? '').trim());
    }
  }
  return versions.get('project.version') || versions.get('tool.poetry.version') || null;
};

/** `tool . "poetry"` → `tool.poetry`. */
const plainKey = (key: string): string =>
  key
    .split('.')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .join('.');

/** Lines of a TOML document less the insides of its multi-line strings. */
const outsideMultiline = (content: string): string[] =>
  content.replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, '').split(/\r?\n/);

const readers: Readonly<Record<string, Reader>> = {
  VERSION: firstLine,
  'package.json': packageJson,
  'pom.xml': pomVersion,
  'gradle.properties': properties,
  'pyproject.toml': pyprojectToml,
};

/** Files that usually state a version, in the order in which they are asked. */
export const usualFiles: readonly string[] = Object.keys(readers);

/** A byte order mark is not part of any version; bytes that are not UTF-8 become U+FFFD. */
const asText = (content: Buffer): string => content.toString('utf8').replace(/^\ufeff/, '');

/**
 * The version that a file states, as it is written there; null where it states none. The file's name says how it is read; of a file of
 * any other name the first line counts.
 */
export function statedVersion(fileName: string, content: Buffer): string | null {
  const reader = Object.hasOwn(readers, fileName) ? readers[fileName] : undefined;
  return (reader ?? firstLine)(asText(content));
}
