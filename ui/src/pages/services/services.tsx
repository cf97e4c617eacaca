import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'preact/compat';
import { useLive } from '../../api/live.js';
import { overviewKey, useOverview } from '../../api/overview.js';
import type { Overview } from '../../api/types.js';
import { counted } from '../../parts/short.js';
import { useKeys } from '../../shell/keys.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { Empty } from './empty.js';
import { matcher, sorted, wantsAttention, type Sort } from './filter.js';
import { mine } from '../../parts/mine.js';
import { RebuildMarked } from './rebuild-marked.js';
import { ServiceRow } from './row.js';
import { useRowKeys } from '../../parts/row-keys.js';
import './services.css';

/** `/`: what is wrong or running now, then everything. */
export function ServicesPage(): VNode {
  useTitle('');
  useLive({ types: ['build', 'step', 'queue', 'delivery', 'configuration'] }, [overviewKey]);
  return <Loaded read={useOverview()}>{(overview) => <Services overview={overview} />}</Loaded>;
}

function Services({ overview }: { overview: Overview }): VNode {
  const { query } = useLocation();
  const filter = useUrlFilter();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLUListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const sort = (['name', 'time'] as const).find((one) => one === query['sort']) ?? 'attention';
  const rows = useMemo(() => sorted(overview.services, sort), [overview, sort]);
  const wanted = useDeferredValue(filter.text);
  const matches = useMemo(() => matcher(wanted), [wanted]);
  const onlyMine = filter.show === 'mine';
  const shown = rows.filter((row) => matches(row) && (!onlyMine || mine.value.has(row.name)));
  const visible = new Set(shown.map(({ name }) => name));
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
  useKeys({ '/': { words: 'Filter', act: () => field.current?.focus() } });
  useRowKeys(list, {
    mark: (row) => {
      const { service = '' } = row.dataset;
      mark(service, !marked.has(service));
    },
  });
  if (overview.services.length === 0) return <Empty />;
  return (
    <>
      <h1 class="hidden">Services</h1>
      <Counts overview={overview} filter={filter} />
      <search class="head">
        <input
          ref={field}
          type="search"
          aria-label="Filter"
          placeholder="name, repository, tag, state:failing …"
          value={filter.text}
          onInput={({ currentTarget }) => filter.set({ text: currentTarget.value })}
        />
        <div class="chips" role="group" aria-label="Which">
          <button
            type="button"
            aria-pressed={filter.text === '' && !onlyMine}
            onClick={() => filter.set({ text: '', show: '' })}
          >
            all
          </button>
          <button
            type="button"
            aria-pressed={filter.text === 'state:attention'}
            onClick={() => filter.set({ text: 'state:attention', show: '' })}
          >
            attention {rows.filter(wantsAttention).length}
          </button>
          <button type="button" aria-pressed={onlyMine} onClick={() => filter.set({ show: onlyMine ? '' : 'mine' })}>
            mine ★
          </button>
        </div>
        <label class="soft">
          sort{' '}
          <select value={sort} onChange={({ currentTarget }) => filter.set({ sort: currentTarget.value as Sort })}>
            <option value="attention">attention</option>
            <option value="name">name</option>
            <option value="time">newest</option>
          </select>
        </label>
        <RebuildMarked names={[...marked]} done={(failed) => setMarked(new Set(failed))} />
      </search>
      <ul class="services" ref={list} aria-label="Services">
        {rows.map((row) => (
          <ServiceRow
            key={row.name}
            row={row}
            hidden={!visible.has(row.name)}
            marked={marked.has(row.name)}
            mark={mark}
          />
        ))}
      </ul>
      <p class="soft" role="status">
        {shown.length === rows.length
          ? counted(rows.length, 'service')
          : `${shown.length} of ${counted(rows.length, 'service')}`}
      </p>
    </>
  );
}

interface Filter {
  readonly text: string;
  readonly show: string;
  set(change: { text?: string; show?: string; sort?: Sort }): void;
}

/** The filter lives in the address, so that it can be sent to somebody. Typing adds nothing to the history. */
function useUrlFilter(): Filter {
  const { query } = useLocation();
  const [text, setText] = useState(query['filter'] ?? '');
  const [show, setShow] = useState(query['show'] ?? '');
  const { route } = useLocation();
  return {
    text,
    show,
    set(change) {
      const next = { filter: change.text ?? text, show: change.show ?? show, sort: change.sort ?? query['sort'] ?? '' };
      setText(next.filter);
      setShow(next.show);
      const given = Object.entries(next).filter(
        ([name, value]) => value !== '' && !(name === 'sort' && value === 'attention'),
      );
      const search = String(new URLSearchParams(given));
      const address = search === '' ? '/' : `/?${search}`;
      if (change.sort === undefined) history.replaceState(history.state, '', address);
      else route(address, true);
    },
  };
}

/** How many services are in which state. Each filters by it. */
function Counts({ overview: { counts }, filter }: { overview: Overview; filter: Filter }): VNode {
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
          <button
            key={state}
            type="button"
            class={`quiet ${tone}`}
            onClick={() => filter.set({ text: `state:${state}`, show: '' })}
          >
            {count} {words}
          </button>
        ))}
    </p>
  );
}
