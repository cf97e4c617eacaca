import type { VNode } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { useLive } from '../../api/live.js';
import { overviewKey, useOverview } from '../../api/overview.js';
import type { Overview } from '../../api/types.js';
import { counted } from '../../parts/short.js';
import { useKeys } from '../../shell/keys.js';
import { State } from '../../parts/state.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { useUrlState } from '../../shell/url-state.js';
import { Empty } from './empty.js';
import { matcher, sorted, wantsAttention } from './filter.js';
import { mine } from '../../parts/mine.js';
import { RebuildMarked } from './rebuild-marked.js';
import { ServiceRow } from './row.js';
import { useHidden } from './use-hidden.js';
import { useRowKeys } from '../../parts/row-keys.js';
import './services.css';

/** `/`: what is wrong or running now, then everything. */
export function ServicesPage(): VNode {
  useTitle('');
  useLive({ types: ['build', 'step', 'queue', 'delivery', 'configuration'] }, [overviewKey]);
  return <Loaded read={useOverview()}>{(overview) => <Services overview={overview} />}</Loaded>;
}

function Services({ overview }: { overview: Overview }): VNode {
  const url = useUrlState('/', { sort: 'attention' });
  const text = url.get('filter');
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLUListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const sort = (['name', 'time'] as const).find((one) => one === url.get('sort')) ?? 'attention';
  const rows = useMemo(() => sorted(overview.services, sort), [overview, sort]);
  const matches = useMemo(() => matcher(text), [text]);
  const onlyMine = url.get('show') === 'mine';
  const stars = mine.value;
  const isShown = useMemo(
    () => rows.map((row) => matches(row) && (!onlyMine || stars.has(row.name))),
    [rows, matches, onlyMine, stars],
  );
  useHidden(list, isShown);
  const shown = isShown.filter(Boolean).length;
  const mark = useCallback(
    (name: string, on: boolean) =>
      setMarked((before) => {
        const next = new Set(before);
        if (on) next.add(name);
        else next.delete(name);
        return next;
      }),
    [],
  );
  // A key press in the filter goes through no row.
  const items = useMemo(
    () => rows.map((row) => <ServiceRow key={row.name} row={row} marked={marked.has(row.name)} mark={mark} />),
    [rows, marked, mark],
  );
  useKeys({ '/': { words: 'Filter', act: () => field.current?.focus() } });
  useRowKeys(list, {
    rows: '.service:not([hidden])',
    mark: (row) => {
      const { service = '' } = row.dataset;
      mark(service, !marked.has(service));
    },
  });
  if (overview.services.length === 0) return <Empty />;
  return (
    <>
      <h1 class="hidden">Services</h1>
      <Counts overview={overview} show={(state) => url.set({ filter: `state:${state}`, show: '' })} />
      <search class="head">
        <input
          ref={field}
          type="search"
          aria-label="Filter"
          placeholder="name, repository, tag, state:failing …"
          value={text}
          onInput={({ currentTarget }) => url.set({ filter: currentTarget.value })}
        />
        <div class="chips" role="group" aria-label="Which">
          <button
            type="button"
            aria-pressed={text === '' && !onlyMine}
            onClick={() => url.set({ filter: '', show: '' })}
          >
            all
          </button>
          <button
            type="button"
            aria-pressed={text === 'state:attention'}
            onClick={() => url.set({ filter: 'state:attention', show: '' })}
          >
            attention {rows.filter(wantsAttention).length}
          </button>
          <button type="button" aria-pressed={onlyMine} onClick={() => url.set({ show: onlyMine ? '' : 'mine' })}>
            mine ★
          </button>
        </div>
        <label class="soft">
          sort{' '}
          <select value={sort} onChange={({ currentTarget }) => url.set({ sort: currentTarget.value })}>
            <option value="attention">attention</option>
            <option value="name">name</option>
            <option value="time">newest</option>
          </select>
        </label>
        <RebuildMarked names={[...marked]} done={(failed) => setMarked(new Set(failed))} />
      </search>
      <div class="service-heads soft" aria-hidden="true">
        <span class="of-name">service</span>
        <span>branch</span>
        <span>newest image</span>
        <span>since</span>
        <span>why</span>
        <span>last 20 pushes</span>
      </div>
      <ul class="services" ref={list} aria-label="Services">
        {items}
      </ul>
      <p class="soft" role="status">
        {shown === rows.length ? counted(rows.length, 'service') : `${shown} of ${counted(rows.length, 'service')}`}
      </p>
      <Legend />
    </>
  );
}

/** How many services are in which state. Each filters by it. */
function Counts({ overview: { counts }, show }: { overview: Overview; show: (state: string) => void }): VNode {
  const all = [
    { count: counts.failing, words: 'failing', state: 'failing', tone: 'bad' },
    { count: counts.running, words: 'running', state: 'running', tone: 'run' },
    { count: counts.queued, words: counts.queued === 1 ? 'waits' : 'wait', state: 'queued', tone: 'idle' },
    { count: counts.waitsForArtifact, words: 'without artifact', state: 'waits-for-artifact', tone: 'warn' },
    { count: counts.upToDate, words: 'up to date', state: 'ok', tone: 'ok' },
    { count: counts.none, words: 'never built', state: 'none', tone: 'idle' },
  ];
  return (
    <p class="counts line">
      {all
        .filter(({ count }) => count > 0)
        .map(({ count, words, state, tone }) => (
          <button key={state} type="button" class={`quiet ${tone}`} onClick={() => show(state)}>
            {count} {words}
          </button>
        ))}
    </p>
  );
}

/** What the marks of a row mean. */
function Legend(): VNode {
  return (
    <details class="soft">
      <summary>What the marks mean</summary>
      <dl class="facts">
        <dt>
          <State of="built" word />, <State of="skipped" word />
        </dt>
        <dd>How the newest push ended. Both mean that the newest image has all that counts.</dd>
        <dt>
          <State of="drift" word />
        </dt>
        <dd>The Dockerfile copies a path that no included region has: a change of it builds nothing.</dd>
        <dt>Bars</dt>
        <dd>
          The last pushes, newest at the right: a whole bar was built, half a bar had its image already, a bar with a
          gap failed, a stub was canceled or overtaken, a dot needed no build.
        </dd>
      </dl>
    </details>
  );
}
