import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { queries } from './queries.js';

/** A change that the server reports. `type` is the name of the event. */
export interface LiveEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What a page watches: the types of events, and at most one subject. */
export interface Watched {
  readonly types: readonly string[];
  readonly service?: string;
  readonly build?: string;
  readonly deployment?: string;
  readonly environment?: string;
}

export type Connection = 'connecting' | 'live' | 'lost';

/** State of the connection to the server, and since when it is lost (ms since the epoch). */
export const connection = signal<Connection>('connecting');
export const lostSince = signal<number | null>(null);
/** True once the server runs another version than the one whose pages these are. */
export const wasUpgraded = signal(false);

/** A browser gives up after an answer that is not a stream, such as 503 during a restart. */
const TRY_AGAIN_MS = 3000;

type Listener = (event: LiveEvent) => void;

const types = [
  'build',
  'delivery',
  'webhook',
  'deployment',
  'observation',
  'step',
  'queue',
  'log',
  'hold',
  'configuration',
];

let source: EventSource | null = null;
let watched = '';
let timer: ReturnType<typeof setTimeout> | undefined;
let firstVersion: string | null = null;
const listeners = new Map<Listener, Watched>();

/** Hears of what a page watches while it is shown. With `keys`, each event also makes those queries stale. */
export function useLive(watch: Watched, keys: readonly (readonly unknown[])[], hear?: Listener): void {
  useEffect(() => {
    const listener: Listener = (event) => {
      if (!concerns(watch, event)) return;
      refreshSoon(keys);
      hear?.(event);
    };
    listeners.set(listener, watch);
    reconnect();
    return () => {
      listeners.delete(listener);
      // Nobody hears of them from now on.
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey, refetchType: 'none' });
      // The next page watches in the same turn; one connection then serves both.
      queueMicrotask(reconnect);
    };
  }, [JSON.stringify(watch)]);
}

const REFRESH_MS = 200;

/** True if a watcher wants the event. One stream serves several, so it may bring what others watch. */
function concerns({ types: wanted, service, build, deployment, environment }: Watched, event: LiveEvent): boolean {
  if (!wanted.includes(event.type)) return false;
  const isOf = (subject: string | undefined, field: string, named: readonly string[] = []) =>
    subject === undefined || (named.length > 0 && !named.includes(event.type)) || (event[field] ?? subject) === subject;
  return (
    isOf(service, 'service') &&
    isOf(environment, 'environment') &&
    isOf(build, 'id', ['build', 'step', 'log']) &&
    isOf(deployment, 'id', ['deployment', 'log'])
  );
}

const stale = new Map<string, readonly unknown[]>();
let refreshing: ReturnType<typeof setTimeout> | undefined;

/** Many events in a row lead to one read. */
function refreshSoon(keys: readonly (readonly unknown[])[]): void {
  for (const key of keys) stale.set(JSON.stringify(key), key);
  refreshing ??= setTimeout(() => {
    refreshing = undefined;
    const now = [...stale.values()];
    stale.clear();
    for (const queryKey of now) void queries.invalidateQueries({ queryKey });
  }, REFRESH_MS);
}

function addressOf(all: readonly Watched[]): string {
  const query = new URLSearchParams();
  query.set('types', [...new Set(all.flatMap((one) => one.types))].sort().join(','));
  for (const field of ['service', 'build', 'deployment', 'environment'] as const) {
    const subjects = new Set(all.map((one) => one[field]));
    const [only] = subjects;
    if (subjects.size === 1 && only !== undefined) query.set(field, only);
  }
  return `/api/v1/events?${query}`;
}

/** Opens the stream that all watchers together need, unless it is open. */
function reconnect(): void {
  const wanted = listeners.size === 0 ? '' : addressOf([...listeners.values()]);
  if (wanted === watched) return;
  watched = wanted;
  open();
}

/** Closes the stream and opens it again if somebody watches. */
export function open(): void {
  clearTimeout(timer);
  source?.close();
  source = null;
  if (watched === '') return;
  const opened = new EventSource(watched);
  source = opened;
  for (const type of types) opened.addEventListener(type, (event) => pass(type, event as MessageEvent<string>));
  opened.addEventListener('hello', (event) => greet(event as MessageEvent<string>));
  opened.addEventListener('reset', () => void queries.invalidateQueries());
  opened.addEventListener('error', () => {
    lose();
    if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, TRY_AGAIN_MS);
  });
}

function greet({ data }: MessageEvent<string>): void {
  const { version } = JSON.parse(data) as { version: string };
  firstVersion ??= version;
  if (version !== firstVersion) wasUpgraded.value = true;
  const wasLost = connection.value === 'lost';
  connection.value = 'live';
  lostSince.value = null;
  // Whatever happened while nobody listened.
  if (wasLost) void queries.invalidateQueries();
}

function lose(): void {
  connection.value = 'lost';
  lostSince.value ??= Date.now();
}

function pass(type: string, { data }: MessageEvent<string>): void {
  const event: LiveEvent = { ...(JSON.parse(data) as object), type };
  for (const listener of [...listeners.keys()]) listener(event);
}
