import { parseReference, sameRegistry } from '../image-reference.js';
import { quoted } from './faults.js';
import type { Fields } from './fields.js';

/** Checks `image`, which may name the service's own repository only. `repository` is `[host/]name`. */
export function checkImage(fields: Fields, repository: string): void {
  const node = fields.node('image');
  if (node?.kind !== 'scalar') return;
  const reference = parseReference(node.text);
  if (reference === null || !isSameRepository(node.text, repository)) {
    fields.fault(
      node.place,
      `\`image\` has to be the service's own, ${quoted(repository)}. Remove the key; the release says which image it is.`,
    );
  } else if (reference.digest !== null || reference.name !== node.text) {
    fields.findings.warning(
      node.place,
      'The tag or digest of `image` has no effect; the release says which image it is.',
    );
  }
}

function isSameRepository(text: string, repository: string): boolean {
  const [given, own] = [split(text), split(repository)];
  return given.path === own.path && (given.host === null || own.host === null || sameRegistry(given.host, own.host));
}

/** The host is null if none is written. */
function split(text: string): { readonly host: string | null; readonly path: string | null } {
  const reference = parseReference(text);
  if (reference === null) return { host: null, path: null };
  const { host, name } = reference;
  return name.startsWith(`${host}/`) ? { host, path: name.slice(host.length + 1) } : { host: null, path: name };
}
