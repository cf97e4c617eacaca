import { useLocation } from 'preact-iso';
import { useEffect, useRef, useState } from 'preact/hooks';

/** What a page keeps in the query of its address, so that it can be sent to somebody. Empty: not in the address. */
export interface UrlState {
  get(name: string): string;
  set(changes: Readonly<Record<string, string>>): void;
}

/** The address follows a filter once typing pauses: writing it costs more than drawing, and Safari allows it 100 times in half a minute. */
const PAUSE_MS = 200;

/** Changes of a filter add nothing to the history of the browser. `defaults`: values that are not in the address. */
export function useUrlState(path: string, defaults: Readonly<Record<string, string>> = {}): UrlState {
  const { query, route } = useLocation();
  const [last, setLast] = useState<{ readonly query: typeof query; readonly filter: string } | null>(null);
  const address = useLateAddress();
  // A way that leads here, as back and forward, brings its own filter: what was typed before counts no more.
  const typed = last?.query === query ? last.filter : null;
  return {
    get: (name) => (name === 'filter' && typed !== null ? typed : (query[name] ?? defaults[name] ?? '')),
    set(changes) {
      const filter = changes['filter'] ?? typed ?? query['filter'] ?? '';
      setLast({ query, filter });
      const next = Object.entries({ ...query, filter, ...changes }).filter(
        ([name, value]) => value !== '' && value !== defaults[name],
      );
      const search = String(new URLSearchParams(next));
      const url = search === '' ? path : `${path}?${search}`;
      // A key press draws the page once, not twice.
      if (Object.keys(changes).join() === 'filter') return address.write(url);
      address.forget();
      route(url, true);
    },
  };
}

/** Writes an address after a pause, or when the field is left: a link that is clicked then comes after it. */
function useLateAddress() {
  const waiting = useRef<{ readonly url: string; readonly timer: number } | null>(null);
  const forget = () => {
    if (waiting.current !== null) clearTimeout(waiting.current.timer);
    waiting.current = null;
  };
  const flush = () => {
    const url = waiting.current?.url;
    forget();
    if (url !== undefined) history.replaceState(history.state, '', url);
  };
  useEffect(() => {
    addEventListener('focusout', flush);
    addEventListener('pagehide', flush);
    return () => {
      removeEventListener('focusout', flush);
      removeEventListener('pagehide', flush);
      forget();
    };
  }, []);
  return {
    forget,
    write(url: string) {
      forget();
      waiting.current = { url, timer: window.setTimeout(flush, PAUSE_MS) };
    },
  };
}
