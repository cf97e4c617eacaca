import type { Graph, OverviewRow } from '../../api/types.js';
import type { Relations } from './relations.js';

/** What the page knows of the graph. */
export interface Known {
  readonly relations: Relations;
  readonly cycles: Graph['cycles'];
  /** Services that stand on another, or that another stands on. Bases first. */
  readonly connected: readonly string[];
  rebuiltBy(name: string): ReadonlySet<string>;
}

/** The state of services by name, as the overview has it. */
export type Rows = ReadonlyMap<string, OverviewRow>;

/** `would rebuild 14 services`. */
export function forecast(count: number): string {
  if (count === 0) return 'would rebuild nothing else';
  return count === 1 ? 'would rebuild 1 service' : `would rebuild ${count.toLocaleString('en')} services`;
}
