import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { useOverview } from '../../api/overview.js';
import type { Graph } from '../../api/types.js';
import { counted } from '../../parts/short.js';
import { useKeys } from '../../shell/keys.js';
import { useUrlState } from '../../shell/url-state.js';
import { Faults } from './faults.js';
import { Picture } from './picture.js';
import { neighbourhood, rebuiltBy, relationsOf } from './relations.js';
import { Tree } from './tree.js';
import type { Known } from './known.js';

/** Neighbours of what the filter finds are drawn this far. */
const NEIGHBOUR_STEPS = 2;
const narrow = '(max-width: 700px)';

/** The graph with its filter, as a picture or as a list. */
export function Whole({ graph }: { graph: Graph }): VNode {
  const url = useUrlState('/graph');
  const field = useRef<HTMLInputElement>(null);
  const text = url.get('filter');
  const overview = useOverview().data;
  const known = useMemo(() => knowledgeOf(graph), [graph]);
  const rows = useMemo(() => new Map(overview?.services.map((row) => [row.name, row])), [overview]);
  const view = url.get('view') || (matchMedia(narrow).matches ? 'list' : 'picture');
  useKeys({ '/': { words: 'Filter', act: () => field.current?.focus() } });

  const wanted = text.trim().toLowerCase();
  const matches = known.connected.filter((name) => name.toLowerCase().includes(wanted));
  const near = useMemo(
    () => (wanted === '' ? null : neighbourhood(matches, known.relations, NEIGHBOUR_STEPS)),
    [wanted, known],
  );
  const shown = useMemo(() => known.connected.filter((name) => near?.has(name) ?? true), [near, known]);
  const filter = (next: string) => url.set({ filter: next });
  const show = (next: 'picture' | 'list') => url.set({ view: next });
  const alone = graph.services.length - known.connected.length;

  return (
    <div class="graph-page">
      <h1>Base images</h1>
      <Faults graph={graph} />
      {known.connected.length === 0 ? (
        <p class="empty">No service stands on the image of another. Name one in a FROM line, and it is drawn here.</p>
      ) : (
        <>
          <search class="head">
            <input
              ref={field}
              type="search"
              aria-label="Filter"
              placeholder="service"
              value={text}
              onInput={({ currentTarget }) => filter(currentTarget.value)}
            />
            <div class="chips" role="group" aria-label="Shown as">
              {(['picture', 'list'] as const).map((one) => (
                <button key={one} type="button" aria-pressed={view === one} onClick={() => show(one)}>
                  {one}
                </button>
              ))}
            </div>
            <span class="soft" role="status">
              {wanted === ''
                ? counted(known.connected.length, 'service')
                : `${counted(matches.length, 'service')} and ${shown.length - matches.length} near by`}
              {alone > 0 && wanted === '' && `; ${alone === 1 ? '1 other stands' : `${alone} others stand`} alone`}
            </span>
          </search>
          {view === 'list' ? (
            <Tree names={shown} known={known} rows={rows} />
          ) : (
            <Picture names={shown} matches={wanted === '' ? null : matches} known={known} rows={rows} />
          )}
        </>
      )}
    </div>
  );
}

/** What the graph says, in forms that are quick to ask. */
function knowledgeOf({ services, edges, cycles }: Graph): Known {
  const relations = relationsOf(edges);
  const cascading = new Set(services.filter(({ cascade }) => cascade).map(({ name }) => name));
  const counts = new Map<string, ReadonlySet<string>>();
  return {
    relations,
    cycles,
    connected: services
      .map(({ name }) => name)
      .filter((name) => relations.bases.has(name) || relations.dependents.has(name)),
    rebuiltBy(name) {
      const counted = counts.get(name) ?? rebuiltBy(name, edges, (one) => cascading.has(one));
      counts.set(name, counted);
      return counted;
    },
  };
}
