import { parseReference, sameRegistry } from '../../image-reference.js';

/** Registries that exist for certain: those that are configured, Docker Hub, and those that gave an image. In memory. */
export interface KnownRegistries {
  /** `host[:port]`. */
  has(host: string): boolean;
  /** The registry of that reference gave an image. */
  learn(reference: string): void;
}

export function createKnownRegistries(hosts: readonly string[]): KnownRegistries {
  const known = new Set(['docker.io', ...hosts]);
  const has = (host: string) => [...known].some((one) => sameRegistry(one, host));
  return {
    has,
    learn(reference) {
      const host = parseReference(reference)?.host;
      if (host !== undefined && known.size < MAX_HOSTS && !has(host)) known.add(host);
    },
  };
}

/** Repositories name the hosts, so their number has a limit. */
const MAX_HOSTS = 1_000;

const lookup = /\blookup ([^\s:]+)(?: on \S+)?: no such host/i;
/** Docker Hub's registry has another name than its images. */
const dockerHub = 'registry-1.docker.io';

/**
 * True if "no such host" cannot be the fault of the Dockerfile that names the image: its registry is known, or what was not found is another
 * host that the registry or a proxy leads to.
 */
export function isOutage(image: string, message: string, known: Pick<KnownRegistries, 'has'>): boolean {
  const host = parseReference(image)?.host;
  if (host === undefined) return false;
  const missing = lookup.exec(message)?.[1]?.toLowerCase();
  const named = sameRegistry(host, 'docker.io') ? dockerHub : host.replace(/:\d+$/, '').toLowerCase();
  return known.has(host) || (missing !== undefined && missing !== named);
}
