import type { Fault } from './config.js';
import { nearName } from '../near-names.js';

export const fault = (path: string, message: string): Fault => ({ path, message });

/** Every other name is near to a shorter one. */
const MIN_CHARACTERS = 3;

/** The fault of a name that none of the known ones is. Quotes only known names, since the wrong one may come from a variable. */
export function unknownName(path: string, name: string, known: readonly string[], what: string): Fault {
  const near = name.length < MIN_CHARACTERS ? null : nearName(name, known);
  return fault(path, near === null ? `names no ${what}` : `names no ${what}; did you mean \`${near}\`?`);
}

/** How many names a message has. */
const MAX_NAMED = 5;

/** Names for a message. */
export function listed(names: readonly string[]): string {
  const rest = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return `${names.slice(0, MAX_NAMED).join(', ')}${rest}`;
}

/** Certificates that lack their other half. */
export function certificateFaults(tls: { readonly cert?: string; readonly key?: string }, place: string): Fault[] {
  return [
    ...(tls.cert !== undefined && tls.key === undefined
      ? [fault(`${place}.key`, `is required with ${place}.cert`)]
      : []),
    ...(tls.key !== undefined && tls.cert === undefined
      ? [fault(`${place}.cert`, `is required with ${place}.key`)]
      : []),
  ];
}
