import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.js';

/** Networks that are remembered. Beyond that the one that failed first is forgotten. */
const MAX_NETWORKS = 10_000;

export interface AttemptLimits {
  readonly max: number;
  /** From the first failure on. */
  readonly windowMs: number;
}

/** Counts what failed, for each address. */
export interface Attempts {
  /** Milliseconds until the address may try again, or null: it may now. */
  waitOf(address: string): number | null;
  failed(address: string): void;
}

/** Addresses of version 6 count together if they have the first 64 bits in common: a single machine has that many. */
export function createAttempts({ max, windowMs }: AttemptLimits, clock: Pick<Clock, 'now'>): Attempts {
  const failures = new Map<string, { readonly since: number; readonly count: number }>();
  const inForce = (network: string) => {
    const known = failures.get(network);
    // A clock that was set back must not lock anybody out.
    return known !== undefined && Math.abs(clock.now() - known.since) < windowMs ? known : null;
  };
  return {
    waitOf(address) {
      const known = inForce(networkOf(address));
      return known === null || known.count < max ? null : known.since + windowMs - clock.now();
    },
    failed(address) {
      const network = networkOf(address);
      const { since, count } = inForce(network) ?? { since: clock.now(), count: 0 };
      if (count === 0) failures.delete(network);
      failures.set(network, { since, count: count + 1 });
      const [first] = failures.keys();
      if (failures.size > MAX_NETWORKS && first !== undefined) failures.delete(first);
    },
  };
}

/** The first four groups of an address of version 6. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}

const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));
