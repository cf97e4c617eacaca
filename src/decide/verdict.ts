import type { Reason, ReasonCode } from '../model/decision.js';
import type { CaughtPaths } from './facts.js';

export interface Verdict {
  readonly decision: 'build' | 'skip';
  readonly reason: Reason;
}

const noPaths: CaughtPaths = { count: 0, first: [], patterns: [] };

export function build(code: ReasonCode, message: string, caught: CaughtPaths = noPaths): Verdict {
  return { decision: 'build', reason: reason(code, message, caught) };
}

export function skip(code: ReasonCode, message: string, caught: CaughtPaths = noPaths): Verdict {
  return { decision: 'skip', reason: reason(code, message, caught) };
}

function reason(code: ReasonCode, message: string, { first, patterns }: CaughtPaths): Reason {
  return { code, message, paths: first.map(({ path }) => path), patterns };
}

export const short = (commit: string): string => commit.slice(0, 7);

/** `1 path`, `3 paths`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `src/a.ts (src/**) and 3 more`. */
export function named({ count: all, first: [first] }: CaughtPaths): string {
  if (first === undefined) return 'nothing';
  const more = all > 1 ? ` and ${all - 1} more` : '';
  const { path, pattern } = first;
  const by = pattern === '' || pattern.startsWith('(') ? pattern : `(${pattern})`;
  return `${path}${by === '' ? '' : ` ${by}`}${more}`;
}
