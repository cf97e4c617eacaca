import { memo } from 'preact/compat';
import type { VNode } from 'preact';
import type { OverviewRow } from '../../api/types.js';
import { refName } from '../../parts/short.js';
import { State } from '../../parts/state.js';
import { Strip } from '../../parts/strip.js';
import { Ago, duration, now } from '../../parts/time.js';

interface RowProps {
  readonly row: OverviewRow;
  readonly marked: boolean;
  readonly mark: (name: string, on: boolean) => void;
}

/** One service in one line: what it is, what is known of it, and the newest sentence. */
export const ServiceRow = memo(function ServiceRow({ row, marked, mark }: RowProps): VNode {
  return (
    <li class="service" data-service={row.name}>
      <input
        type="checkbox"
        aria-label={`Mark ${row.name}`}
        checked={marked}
        onChange={({ currentTarget }) => mark(row.name, currentTarget.checked)}
      />
      <State of={row.state} />
      <a class="name" href={`/services/${encodeURIComponent(row.name)}`}>
        {row.name}
      </a>
      <span class="drift">{row.drift && <State of="drift" />}</span>
      <span class="branch soft">{row.branch === null ? '' : refName(row.branch)}</span>
      <span class="tag mono">{row.tag}</span>
      <Ago at={row.at} />
      <span class="sentence">
        {row.buildId !== null && row.state !== 'skipped' ? (
          <a href={`/builds/${row.buildId}`}>{row.state === 'running' ? (row.step ?? row.sentence) : row.sentence}</a>
        ) : (
          row.sentence
        )}
        {row.state === 'running' && row.startedAt !== null && <Progress of={row} />}
      </span>
      <Strip outcomes={row.outcomes} />
    </li>
  );
});

/** Time since the start, and what the last builds of the branch took. */
function Progress({ of: { startedAt, expectedMs, name } }: { of: OverviewRow }): VNode {
  const passed = now.value - Date.parse(startedAt ?? '');
  if (expectedMs === null) return <span class="tabular soft"> {duration(passed)}</span>;
  return (
    <span class="tabular soft">
      {' '}
      {duration(passed)} of ~{duration(expectedMs)}{' '}
      <progress max={expectedMs} value={Math.min(passed, expectedMs)} aria-label={`Progress of ${name}`} />
    </span>
  );
}
