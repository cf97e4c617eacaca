import type { BalancedHost } from '../contract.js';
import { refused } from './faults.js';

/** Fails with `balancer-refused` if no other host than this one could take its requests. */
export function requireAnother(who: string, hosts: ReadonlyMap<string, BalancedHost>, host: string): void {
  const others = [...hosts].filter(([name]) => name !== host);
  if (others.some(([, { state }]) => state === 'active')) return;
  const states = others.map(
    ([name, { state, reason }]) => `${name} is ${state}${reason === null ? '' : `, ${reason}`}`,
  );
  throw refused(who, `${host} is not drained, since no other host could take its requests (${states.join('; ')})`);
}
