import { SaxesParser } from 'saxes';

/** What the version of a pom.xml is made of. Texts are trimmed. */
interface Pom {
  version: string | null;
  parentVersion: string | null;
  readonly properties: Map<string, string>;
}

/** Limits that no real pom.xml comes near. They bound the work and the memory that a hostile one takes. */
const MAX_DEPTH = 200;
const MAX_PROPERTIES = 10_000;
const MAX_UNKNOWN_ENTITIES = 1_000;
const MAX_VERSION_CHARACTERS = 1_000;

/** A property may be made of others. Ten levels are more than anybody writes, and they end a circle. */
const MAX_PROPERTY_LEVELS = 10;

/**
 * The project's own version, else its parent's (https://maven.apache.org/pom.html#Inheritance). `${…}` is resolved from the file itself,
 * which covers Maven's CI-friendly versions (https://maven.apache.org/maven-ci-friendly.html). Null if any of it stays unresolved.
 */
export function pomVersion(document: string): string | null {
  const pom = readPom(document);
  const stated = pom?.version || pom?.parentVersion;
  return pom && stated ? resolve(stated, pom) : null;
}

/** Null if the document is not well-formed, over a limit or not a pom. Elements that are never closed end with it. */
function readPom(document: string): Pom | null {
  const pom: Pom = { version: null, parentVersion: null, properties: new Map() };
  const path: string[] = [];
  const texts: string[] = [];
  let unknownEntities = 0;
  /** The root's namespace prefix with its colon, or ''. An element with another one is not Maven's. */
  let prefix = '';
  const parser = new SaxesParser({ position: false });
  parser.on('error', (error) => {
    if (error.message.startsWith('unclosed tag')) return;
    // Maven knows HTML's entities. None of them is part of a version, so they stay as they are written.
    if (error.message !== 'undefined entity.') throw error;
    unknownEntities += 1;
    if (unknownEntities > MAX_UNKNOWN_ENTITIES) throw error;
  });
  parser.on('opentagstart', ({ name }) => {
    if (path.length === MAX_DEPTH) parser.fail('too deep');
    if (path.length === 0) prefix = name.slice(0, name.indexOf(':') + 1);
    path.push(name.startsWith(prefix) ? name.slice(prefix.length) : `other ${name}`);
    texts.push('');
  });
  const onText = (text: string) => {
    if (path.length > 0) texts[path.length - 1] += text;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    take(pom, path, (texts.pop() ?? '').trim());
    path.pop();
    if (pom.properties.size > MAX_PROPERTIES) parser.fail('too many properties');
  });
  try {
    parser.write(document).close();
    return pom;
  } catch {
    return null;
  }
}

/** Keeps what an element at `path` says if the version can depend on it. */
function take(pom: Pom, path: readonly string[], text: string): void {
  const [root, second, third] = path;
  if (root !== 'project' || path.length > 3) return;
  if (path.length === 2 && second === 'version') pom.version ??= text;
  if (path.length < 3) return;
  if (second === 'parent' && third === 'version') pom.parentVersion ??= text;
  if (second === 'properties' && third !== undefined) pom.properties.set(third, text);
}

function resolve(stated: string, pom: Pom): string | null {
  let resolved = stated;
  for (let level = 0; level < MAX_PROPERTY_LEVELS && resolved.includes('${'); level += 1) {
    if (resolved.length > MAX_VERSION_CHARACTERS) return null;
    resolved = resolved.replace(/\$\{([^${}]+)\}/g, (whole, name: string) => valueOf(name, pom) ?? whole);
  }
  return resolved.includes('${') ? null : resolved.trim() || null;
}

/** In Maven's order: what `project.` (once `pom.`) names, then the properties, then the project's own elements without a prefix. */
function valueOf(name: string, { parentVersion, properties }: Pom): string | null {
  const isParentVersion = /^(?:project\.|pom\.)parent\.version$/.test(name);
  const property = properties.get(name) ?? null;
  const value = isParentVersion ? parentVersion : (property ?? (name === 'parent.version' ? parentVersion : null));
  return value !== null && value.length <= MAX_VERSION_CHARACTERS ? value : null;
}
