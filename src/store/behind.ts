import type { DesiredTable } from './deployment-schema.js';
import type { Selectable } from 'kysely';

type Row = Pick<Selectable<DesiredTable>, 'behind' | 'since'>;

/**
 * Hosts that were left out, each with the time until when its containers had been seen, in milliseconds since the epoch. Older rows have names
 * alone.
 */
export function readBehind({ behind, since }: Row): ReadonlyMap<string, number> {
  const stored = JSON.parse(behind) as readonly string[] | Readonly<Record<string, number>>;
  return new Map(Array.isArray(stored) ? stored.map((host: string) => [host, since]) : Object.entries(stored));
}

/** What is stored of hosts that are left out now. `before`: what was desired until now. One that was left out before has not been seen since. */
export function writeBehind(hosts: readonly string[], before: Row | undefined): string {
  const known = before === undefined ? new Map<string, number>() : readBehind(before);
  return JSON.stringify(Object.fromEntries(hosts.map((host) => [host, known.get(host) ?? before?.since ?? 0])));
}
