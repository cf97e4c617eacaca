import type { Warning } from '../../model/warning.js';
import { printable } from '../../printable.js';
import { columns } from './columns.js';

/** Paths listed below a build. The sentence names one and counts all. */
const MAX_LISTED_PATHS = 5;

/** A plan as the server or the API has it. */
interface ShownPlan {
  readonly decisions: readonly {
    readonly decision: 'build' | 'skip';
    readonly service: string;
    readonly reason: { readonly code: string; readonly message: string; readonly paths: readonly string[] };
  }[];
  readonly warnings: readonly Warning[];
}

/** For people: one line for each service with its reason, and the first paths below a build. */
export function planTable({ decisions, warnings }: ShownPlan): string {
  if (decisions.length === 0) return 'No service is concerned.\n';
  const rows = decisions.flatMap(({ decision, service, reason }) => [
    [decision, service, reason.code, reason.message],
    ...(decision === 'build' ? pathRows(reason.paths) : []),
  ]);
  const builds = decisions.filter(({ decision }) => decision === 'build').length;
  const sum = totals(builds, decisions.length - builds);
  return `${columns([['', 'SERVICE', 'REASON', 'WHY'], ...rows])}${sum}\n${warningLines(warnings)}`;
}

function pathRows(paths: readonly string[]): readonly string[][] {
  if (paths.length < 2) return [];
  const listed = paths.slice(0, MAX_LISTED_PATHS).map((path) => ['', '', '', `  ${path}`]);
  return paths.length > MAX_LISTED_PATHS ? [...listed, ['', '', '', '  …']] : listed;
}

/** `2 builds, 1 skip`. */
export function totals(builds: number, skips: number): string {
  return `${builds} ${builds === 1 ? 'build' : 'builds'}, ${skips} ${skips === 1 ? 'skip' : 'skips'}`;
}

/** One line for each warning. */
export function warningLines(warnings: readonly Warning[]): string {
  return warnings.map(({ service, message }) => `warning: ${service}: ${printable(message)}\n`).join('');
}
