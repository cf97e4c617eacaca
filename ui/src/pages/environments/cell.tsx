import { memo } from 'preact/compat';
import type { ComponentChildren, VNode } from 'preact';
import { marksOf, notOfHosts } from '../../environments/cell.js';
import { Marks } from '../../environments/marks.js';
import { releaseName } from '../../environments/tag.js';
import type { MatrixCell } from '../../environments/types.js';
import { State } from '../../parts/state.js';

/** The panel of a cell. The rest of the address stays: it is read when the link is used, since cells are not drawn again while somebody types a filter. */
function CellLink({ of, children }: { of: string; children: ComponentChildren }): VNode {
  const keepRest = ({ currentTarget }: { readonly currentTarget: HTMLAnchorElement }) => {
    const query = new URLSearchParams(location.search);
    query.set('cell', of);
    currentTarget.href = `/environments?${query}`;
  };
  return (
    <a
      class="cell"
      href={`/environments?${new URLSearchParams({ cell: of })}`}
      onMouseDown={keepRest}
      onClick={keepRest}
      onFocus={keepRest}
    >
      {children}
    </a>
  );
}

interface CellProps {
  readonly service: string;
  readonly environment: string;
  /** Null: it is not deployed there. */
  readonly cell: MatrixCell | null;
}

/** What runs of a service in an environment: tag, state, and hosts in step. */
export const Cell = memo(function Cell({ service, environment, cell }: CellProps): VNode {
  if (cell === null)
    return (
      <td class="soft" data-label={environment}>
        <span aria-hidden="true">–</span>
        <span class="hidden">not deployed here</span>
      </td>
    );
  const { desired, inStep, total, hosts } = cell;
  return (
    <td title={titleOf(cell)} data-label={environment}>
      <CellLink of={`${service}@${cell.environment}`}>
        {desired !== null && <span class="mono tag">{releaseName(desired.release, desired.tag)}</span>}
        <Marks of={marksOf(cell)} />
        {hosts.length > 1 && total > 0 && (
          <span class="soft tabular">
            {inStep}/{total}
            <span class="hidden"> hosts in step</span>
          </span>
        )}
      </CellLink>
    </td>
  );
});

function titleOf({ desired, ...cell }: MatrixCell): string {
  const words = marksOf({ desired, ...cell }).map((mark) => mark.words);
  if (desired === null) return words.join('\n');
  const since = new Date(desired.since).toLocaleString();
  const by = desired.by === null ? '' : ` by ${desired.by}`;
  return [...words, `${desired.tag ?? `release ${desired.release}`}`, desired.digest, `since ${since}${by}`].join('\n');
}

/** The same host by host. */
export function HostCells({
  service,
  cell,
  hosts,
}: {
  service: string;
  cell: MatrixCell | null;
  hosts: readonly string[];
}): VNode {
  return (
    <>
      {hosts.map((name, index) => {
        const found = cell?.hosts.find(({ host }) => host === name);
        if (cell === null || found === undefined)
          return (
            <td key={name} class="soft" data-label={name}>
              –
            </td>
          );
        return (
          <td key={name} title={found.drift.join(', ')} data-label={name}>
            <CellLink of={`${service}@${cell.environment}`}>
              {found.release !== null && <span class="mono tag">{releaseName(found.release, found.tag)}</span>}
              <State of={hostState(found)} />
              {index === 0 && <Marks of={marksOf(cell).filter(({ state }) => notOfHosts.has(state))} />}
              {found.state !== 'running' && found.state !== 'unknown' && <span class="soft">{found.state}</span>}
            </CellLink>
          </td>
        );
      })}
    </>
  );
}

function hostState({ state, drift, unhealthy }: MatrixCell['hosts'][number]) {
  if (state === 'unknown') return 'unknown';
  if (drift.length > 0 || unhealthy) return 'other';
  if (state === 'running') return 'in-step';
  return state === 'missing' ? 'not-there' : 'stopped';
}
