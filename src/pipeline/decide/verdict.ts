import type { Reason, ReasonCode } from '../../model.js';
import type { CaughtPath } from './facts.js';

export interface Verdict {
  readonly decision: 'build' | 'skip';
  readonly reason: Reason;
}

/** How many paths a reason carries; the message has the whole count. */
const SHOWN_PATHS = 20;

const unique = (values: readonly string[]): string[] => [...new Set(values)];

export function build(code: ReasonCode, message: string, caught: readonly CaughtPath[] = []): Verdict {
  return { decision: 'build', reason: reason(code, message, caught) };
}

export function skip(code: ReasonCode, message: string, caught: readonly CaughtPath[] = []): Verdict {
  return { decision: 'skip', reason: reason(code, message, caught) };
}

function reason(code: ReasonCode, message: string, caught: readonly CaughtPath[]): Reason {
  const shown = caught.slice(0, SHOWN_PATHS);
  return {
    code,
    message,
    paths: shown.map(({ path }) => path),
    patterns: unique(caught.map(({ pattern }) => pattern).filter((pattern) => pattern !== '')),
  };
}

export const short = (commit: string): string => commit.slice(0, 7);

/** `1 path`, `3 paths`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `src/a.ts (src/**) and 3 more`. */
export function named(caught: readonly CaughtPath[]): string {
  const [first] = caught;
  if (first === undefined) return 'nothing';
  const more = caught.length > 1 ? ` and ${caught.length - 1} more` : '';
  const { path, pattern } = first;
  const by = pattern === '' || pattern.startsWith('(') ? pattern : `(${pattern})`;
  return `${path}${by === '' ? '' : ` ${by}`}${more}`;
}
