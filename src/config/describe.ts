import type { Fault } from './config.js';

/** One line for each fault, as `slipway check` and a refused start print them. */
export function describeFaults(faults: readonly Fault[]): string {
  return faults.map(({ path, message }) => `${path === '' ? '(file)' : path}: ${message}`).join('\n');
}

/** The place of a key or an index below another place: `services.web.branches[1]`; keys of odd characters are quoted. */
export function placeOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  if (!/^[\w.-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}
