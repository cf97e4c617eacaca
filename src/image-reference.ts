/**
 * Image references by the grammar of Docker's own parser (https://pkg.go.dev/github.com/distribution/reference). Text that fails it is
 * never part of a request: `..` or `?` in a path would ask something else than was meant.
 */

export interface ImageReference {
  /** `host[:port]`; `docker.io` if the reference has none. */
  readonly host: string;
  /** Without tag and digest. Includes the host if it was given. */
  readonly name: string;
  /** `latest` if neither tag nor digest is given; null beside a digest. */
  readonly tag: string | null;
  readonly digest: string | null;
}

/** Characters in a repository name without its host. */
const MAX_NAME_CHARACTERS = 255;
/** More characters than any useful reference has: name, tag (128) and digest (135), and a host name, which DNS limits to 253. */
const MAX_CHARACTERS = 1024;

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const repositoryName = new RegExp(`^${component}(?:/${component})*$`);
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const domain = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const tagName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
/** The three algorithms that Docker knows (https://github.com/opencontainers/go-digest). */
const digestName = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
const sha256Digest = /^sha256:[0-9a-f]{64}$/;
const bareId = /^[0-9a-f]{64}$/;

/**
 * Parses `[host[:port]/]name[:tag][@digest]`. Null if the text is not a reference. As in Docker, the first component is a host if it has a
 * dot, a colon or an upper-case letter, or is `localhost`. Linear.
 */
export function parseReference(text: string): ImageReference | null {
  if (text.length > MAX_CHARACTERS || bareId.test(text)) return null;
  const [named = '', digest = null, ...more] = text.split('@');
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? null : named.slice(colon + 1);
  const host = hostOf(name);
  if (host === null || more.length > 0) return null;
  if (tag !== null && !isTagName(tag)) return null;
  if (digest !== null && !digestName.test(digest)) return null;
  return { host, name, tag: digest === null ? (tag ?? 'latest') : null, digest };
}

/** The host of `[host[:port]/]name`; null if the text is not of that form. */
function hostOf(name: string): string | null {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  if (first !== 'localhost' && !/[.:A-Z]/.test(first)) return isRepositoryName(name) ? 'docker.io' : null;
  return domain.test(first) && isRepositoryName(name.slice(slash + 1)) ? first : null;
}

/** Whether the text is a repository name without a host, e.g. `abc/base`. */
export function isRepositoryName(text: string): boolean {
  return text.length <= MAX_NAME_CHARACTERS && repositoryName.test(text);
}

export function isTagName(text: string): boolean {
  return tagName.test(text);
}

/** Whether the text is a SHA-256 digest, which is also the form of an image's id on an engine. */
export function isSha256Digest(text: string): boolean {
  return sha256Digest.test(text);
}

/** Docker Hub has several names. */
const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** Whether two `host[:port]` names mean the same registry. */
export function sameRegistry(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() || (dockerHub.has(a.toLowerCase()) && dockerHub.has(b.toLowerCase()));
}
