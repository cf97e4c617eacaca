import type { Decision } from '../model.js';
import { columns } from './columns.js';

/** How many of the paths that caused a decision are listed below it; the sentence names one and counts all. */
const LISTED = 5;

/** Decisions for people: one line for each service with the sentence that says why, and below it the first paths behind it. */
export function planTable(decisions: readonly Decision[]): string {
  if (decisions.length === 0) return 'No service is concerned.\n';
  const rows = decisions.flatMap(({ decision, service, reason }) => [
    [decision, service, reason.code, reason.message],
    ...pathRows(reason.paths),
  ]);
  const builds = decisions.filter(({ decision }) => decision === 'build').length;
  return `${columns([['', 'SERVICE', 'REASON', 'WHY'], ...rows])}${totals(builds, decisions.length - builds)}\n`;
}

function pathRows(paths: readonly string[]): readonly string[][] {
  if (paths.length < 2) return [];
  const listed = paths.slice(0, LISTED).map((path) => ['', '', '', `  ${path}`]);
  return paths.length > LISTED ? [...listed, ['', '', '', '  …']] : listed;
}

/** `2 builds, 1 skip`. */
export function totals(builds: number, skips: number): string {
  return `${builds} ${builds === 1 ? 'build' : 'builds'}, ${skips} ${skips === 1 ? 'skip' : 'skips'}`;
}
