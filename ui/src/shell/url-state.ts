import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';

/** What a page keeps in the query of its address, so that it can be sent to somebody. Empty: not in the address. */
export interface UrlState {
  get(name: string): string;
  set(changes: Readonly<Record<string, string>>): void;
}

/** Changes of a filter add nothing to the history of the browser. */
export function useUrlState(path: string): UrlState {
  const { query, route } = useLocation();
  const [typed, setTyped] = useState<string | null>(null);
  // A way that leads here, as back and forward, brings its own filter.
  useEffect(() => setTyped(null), [query]);
  return {
    get: (name) => (name === 'filter' && typed !== null ? typed : (query[name] ?? '')),
    set(changes) {
      const filter = changes['filter'] ?? typed ?? query['filter'] ?? '';
      setTyped(filter);
      const next = Object.entries({ ...query, filter, ...changes }).filter(([, value]) => value !== '');
      const search = String(new URLSearchParams(next));
      const address = search === '' ? path : `${path}?${search}`;
      // A key press draws the page once, not twice.
      if (Object.keys(changes).join() === 'filter') history.replaceState(history.state, '', address);
      else route(address, true);
    },
  };
}
