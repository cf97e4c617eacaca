import type { VNode } from 'preact';
import { failureOf } from '../../environments/cell.js';
import type { MatrixCell } from '../../environments/types.js';
import { State } from '../../parts/state.js';

/** Failures that are named; the table shows all. */
const MAX_NAMED = 5;

/** What the newest deployments left undone, each with the way to it. */
export function Failures({ cells }: { cells: ReadonlyMap<string, MatrixCell> }): VNode | null {
  const found = [...cells].flatMap(([service, cell]) => {
    const failure = failureOf(cell);
    return failure === null ? [] : [{ service, ...failure }];
  });
  if (found.length === 0) return null;
  return (
    <ul class="alerts" aria-label="What failed">
      {found.slice(0, MAX_NAMED).map(({ service, words, id }) => (
        <li key={service} class="bar">
          <State of="failed" /> {service}: {words}. <a href={`/deployments/${id}`}>See why</a>
        </li>
      ))}
      {found.length > MAX_NAMED && <li class="soft">and {found.length - MAX_NAMED} more</li>}
    </ul>
  );
}
