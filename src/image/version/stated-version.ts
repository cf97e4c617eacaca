import { scanXml, type XmlElement, xmlText } from './xml.js';

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

/**
 * The project's own version, else its parent's (https://maven.apache.org/pom.html#Inheritance). `${…}` is resolved from the file's own
 * properties, as in Maven's CI-friendly versions. Unresolved text is not a version.
 */
const pomXml: Reader = (content) => {
  const project = scanXml(content);
  if (project?.name !== 'project') return null;
  const stated = xmlText(project, 'version') ?? xmlText(project, 'parent', 'version');
  return stated === null ? null : resolveProperties(stated, project);
};

/** Properties may refer to others. Ten levels are more than anybody writes, and stop a cycle. */
const propertyDepth = 10;

function resolveProperties(text: string, project: XmlElement): string | null {
  let resolved = text;
  for (let depth = 0; depth < propertyDepth && resolved.includes('${'); depth += 1) {
    // Limits a cycle that doubles the text each time.
    if (resolved.length > 1000) return null;
    resolved = resolved.replace(/\$\{([^${}]+)\}/g, (whole, name: string) => propertyOf(project, name) ?? whole);
  }
  return resolved.includes('${') ? null : resolved.trim() || null;
}

function propertyOf(project: XmlElement, name: string): string | null {
  if (name === 'project.parent.version') return xmlText(project, 'parent', 'version');
  const property = xmlText(project, 'properties', name);
  if (property !== null) return property;
  // Properties given on Maven's command line may still be declared, as empty.
  return project.children.some(
    ({ name: child, children }) => child === 'properties' && children.some((one) => one.name === name),
  )
    ? ''
    : null;
}

/**
 * Java's properties (https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-). The last `version` wins.
 */
const properties: Reader = (content) => {
  const logical = content.replace(/(?<!\\)((?:\\\\)*)\\\r?\n[ \t\f]*/g, '$1');
  const values = logical.split(/\r?\n|\r/).flatMap((line) => {
    const found = /^[ \t\f]*version(?:[ \t\f]*[=:]|[ \t\f])[ \t\f]*(.*)$/.exec(line);
    return found === null ? [] : [(found[1] ?? '').replace(/\\(.)/g, '$1').trim()];
  });
  return values.at(-1) || null;
};

/** A TOML string on one line, and an optional comment. */
const tomlString = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(?:#.*)?$/;

/** `version` of `[project]` (PEP 621) or `[tool.poetry]`. A dynamic version does not count. TOML: https://toml.io/en/v1.0.0 */
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

/** Lines of a TOML document without the contents of multi-line strings. */
const outsideMultiline = (content: string): string[] =>
  content.replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, '').split(/\r?\n/);

const readers: Readonly<Record<string, Reader>> = {
  VERSION: firstLine,
  'package.json': packageJson,
  'pom.xml': pomXml,
  'gradle.properties': properties,
  'pyproject.toml': pyprojectToml,
};

/** Files that usually state a version, in order of preference. */
export const usualFiles: readonly string[] = Object.keys(readers);

/** A byte order mark is not part of a version. Bytes that are not UTF-8 become U+FFFD. */
const asText = (content: Buffer): string => content.toString('utf8').replace(/^\ufeff/, '');

/** The version that a file states, as written, or null. The file's name decides how it is read. For unknown names the first line counts. */
export function statedVersion(fileName: string, content: Buffer): string | null {
  const reader = Object.hasOwn(readers, fileName) ? readers[fileName] : undefined;
  return (reader ?? firstLine)(asText(content));
}
