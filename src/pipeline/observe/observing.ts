import type { Events } from '../../events.js';
import type { Hosts } from '../../hosts/contract.js';
import type { Environment } from '../../model/environment.js';
import { createWake } from '../../queue/wake.js';
import { createExpected, type ExpectedStore } from './expected.js';
import { createSeenNumbers, type SeenNumbersStore } from './seen-numbers.js';
import { watchHost, type WatchDeps } from './watch-host.js';

export interface ObservingDeps extends Omit<WatchDeps, 'expected' | 'noteNumbers'> {
  readonly store: ExpectedStore & SeenNumbersStore;
  readonly hosts: Hosts;
  readonly environments: () => ReadonlyMap<string, Environment>;
  readonly events: Events;
}

/** Nothing but an event makes it look at the configuration again. */
const DAY_MS = 86_400_000;

interface Watching {
  readonly way: string;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Watches each host of the configuration side by side, until the signal aborts. It changes nothing on them. Without environments it only waits
 * for another configuration.
 */
export async function runObserving(deps: ObservingDeps, stopping: AbortSignal): Promise<void> {
  const watched = new Map<string, Watching>();
  const watching: WatchDeps = {
    ...deps,
    expected: createExpected(deps.store),
    noteNumbers: createSeenNumbers(deps.store),
  };
  const changed = createWake(deps.events, ['configuration']);
  try {
    while (!stopping.aborted) {
      const wanted = wantedHosts(deps.environments());
      for (const [key, { way }] of watched) if (wanted.get(key)?.way !== way) await leave(key, watched, deps);
      for (const [key, place] of wanted) if (!watched.has(key)) watched.set(key, begin(place, watching));
      await deps.hosts.closeGone();
      await changed.within(DAY_MS, deps.clock, stopping);
    }
  } finally {
    changed.close();
    for (const { stop } of watched.values()) stop.abort();
    await Promise.all([...watched.values()].map(({ ended }) => ended));
  }
}

interface Place {
  readonly environment: string;
  readonly host: string;
  /** How it is reached. A secret in it does not show, and takes effect with the next look. */
  readonly way: string;
}

const wantedHosts = (environments: ReadonlyMap<string, Environment>): ReadonlyMap<string, Place> =>
  new Map(
    [...environments.values()].flatMap(({ name: environment, hosts }) =>
      [...hosts.values()].map(({ name: host, engine, tls }): [string, Place] => [
        `${environment}/${host}`,
        { environment, host, way: JSON.stringify([engine, tls]) },
      ]),
    ),
  );

function begin({ environment, host, way }: Place, deps: WatchDeps): Watching {
  const stop = new AbortController();
  return { way, stop, ended: watchHost(environment, host, deps, stop.signal) };
}

async function leave(key: string, watched: Map<string, Watching>, { observations }: ObservingDeps): Promise<void> {
  const watching = watched.get(key);
  watched.delete(key);
  watching?.stop.abort();
  await watching?.ended;
  const [environment = '', host = ''] = key.split('/');
  observations.forget(environment, host);
}
