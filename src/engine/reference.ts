/** Docker Hub goes by several names, depending on who asks. */
const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** Whether two `host[:port]` names mean the same registry. */
export function sameRegistry(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() || (dockerHub.has(a.toLowerCase()) && dockerHub.has(b.toLowerCase()));
}

export interface ImageReference {
  /** `host[:port]`; `docker.io` where the name has none. */
  readonly host: string;
  /** The name without tag and digest, host included where it was given. */
  readonly name: string;
  /** `latest` where neither tag nor digest is given; null beside a digest. */
  readonly tag: string | null;
  readonly digest: string | null;
}

/**
 * Takes `[host[:port]/]name[:tag][@digest]` apart. A first part is a host if it has a dot or a port or is `localhost`
 * (https://pkg.go.dev/github.com/distribution/reference).
 */
export function parseReference(reference: string): ImageReference {
  const [named = '', digest = null] = reference.split('@', 2);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? null : named.slice(colon + 1);
  const first = name.slice(0, Math.max(0, name.indexOf('/')));
  const host = /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io';
  return { host, name, tag: digest === null ? (tag ?? 'latest') : null, digest };
}
