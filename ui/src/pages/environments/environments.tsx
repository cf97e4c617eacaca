import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { useLive } from '../../api/live.js';
import { between, isBehind, isDrifted, placeOf, rowMatcher, type Show } from '../../environments/cell.js';
import { matrixKey, useMatrix } from '../../environments/queries.js';
import type { Matrix } from '../../environments/types.js';
import { counted } from '../../parts/short.js';
import { useKeys } from '../../shell/keys.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { useUrlState, type UrlState } from '../../shell/url-state.js';
import { Alerts } from './alerts.js';
import { Compare } from './compare.js';
import { Empty } from './empty.js';
import { Legend } from './legend.js';
import { MatrixTable } from './matrix-table.js';
import { Panel } from './panel.js';
import '../../environments/environments.css';
import './environments.css';

/** `/environments`: which service runs where, what is behind, what has drifted, and what is held. */
export function EnvironmentsPage(): VNode {
  useTitle('Environments');
  useLive({ types: ['deployment', 'observation', 'hold', 'configuration', 'build'] }, [matrixKey]);
  return <Loaded read={useMatrix()}>{(matrix) => <Whole matrix={matrix} />}</Loaded>;
}

function Whole({ matrix }: { matrix: Matrix }): VNode {
  const { query } = useLocation();
  const url = useUrlState('/environments');
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': { words: 'Filter', act: () => field.current?.focus() } });
  const cell = placeOf(query['cell']);
  if (matrix.environments.length === 0) return <Empty />;
  return (
    <>
      <h1>Where things run</h1>
      <p class="sentence-first">
        <Summary matrix={matrix} />
      </p>
      <Alerts matrix={matrix} />
      <Tools matrix={matrix} url={url} field={field} />
      <Rows matrix={matrix} url={url} />
      <Legend />
      {cell !== null && <Panel key={query['cell']} {...cell} close={() => url.set({ cell: '' })} />}
    </>
  );
}

/** How it stands, in one sentence. */
function Summary({ matrix: { services, environments } }: { matrix: Matrix }): VNode {
  const cells = services.flatMap((row) => row.cells);
  const counts = [
    [cells.filter(isDrifted).length, 'drifted'],
    [cells.filter(isBehind).length, 'behind'],
    [environments.filter(({ hold }) => hold !== null).length, 'frozen'],
  ] as const;
  const said = counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  const whole = `${counted(services.length, 'service')} in ${counted(environments.length, 'environment')}`;
  return <>{said.length === 0 ? `${whole}: everything runs as it should.` : `${whole}: ${said.join(', ')}.`}</>;
}

interface ToolsProps {
  readonly matrix: Matrix;
  readonly url: UrlState;
  readonly field: { current: HTMLInputElement | null };
}

function Tools({ matrix: { services, environments }, url, field }: ToolsProps): VNode {
  const show = showOf(url);
  const cells = services.flatMap((row) => row.cells);
  const chips: readonly (readonly [Show, string])[] = [
    ['', 'all'],
    ['behind', `behind ${cells.filter(isBehind).length}`],
    ['drifted', `drifted ${cells.filter(isDrifted).length}`],
    ['frozen', `frozen ${environments.filter(({ hold }) => hold !== null).length}`],
  ];
  return (
    <search class="head">
      <input
        ref={field}
        type="search"
        aria-label="Filter"
        placeholder="service …"
        value={url.get('filter')}
        onInput={({ currentTarget }) => url.set({ filter: currentTarget.value })}
      />
      <div class="chips" role="group" aria-label="Which">
        {chips.map(([value, words]) => (
          <button key={value} type="button" aria-pressed={show === value} onClick={() => url.set({ show: value })}>
            {words}
          </button>
        ))}
      </div>
      <Compare environments={environments} url={url} />
    </search>
  );
}

const showOf = (url: UrlState): Show =>
  (['behind', 'drifted', 'frozen'] as const).find((one) => one === url.get('show')) ?? '';

function Rows({ matrix, url }: { matrix: Matrix; url: UrlState }): VNode {
  const { services, environments } = matrix;
  const [text, show] = [url.get('filter'), showOf(url)];
  const frozen = new Set(environments.flatMap(({ name, hold }) => (hold === null ? [] : [name])));
  const matches = useMemo(() => rowMatcher(text, show, frozen), [text, show, [...frozen].join()]);
  const [from = '', to = ''] = url.get('compare').split(',');
  const compared = environments.filter(({ name }) => name === from || name === to);
  const isCompared = compared.length === 2;
  const columns = isCompared ? compared : environments;
  const shown = services.filter((row) => matches(row) && (!isCompared || between(row, from, to) !== null));
  const open = new Set(url.get('hosts').split(',').filter(Boolean));
  return (
    <>
      <MatrixTable
        rows={shown}
        environments={columns}
        open={open}
        toggle={(name) => {
          const next = open.has(name) ? [...open].filter((one) => one !== name) : [...open, name];
          url.set({ hosts: next.join(',') });
        }}
        differences={isCompared ? (row) => between(row, from, to) : null}
        target={to}
      />
      <p class="soft" role="status">
        {isCompared
          ? shown.length === 0
            ? `${from} and ${to} run the same.`
            : `${counted(shown.length, 'service')} that differ between ${from} and ${to}`
          : shown.length === services.length
            ? counted(services.length, 'service')
            : `${shown.length} of ${counted(services.length, 'service')}`}
      </p>
    </>
  );
}
