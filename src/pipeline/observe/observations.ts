import type { Clock } from '../../clock.js';
import type { Events } from '../../events.js';
import type { HostObservation, SeenContainers } from '../../model/observation.js';
import type { Observations } from './contract.js';

/** What was found: containers, or why nothing was. */
export type Found = { readonly seen: Omit<SeenContainers, 'at'> } | { readonly why: string };

export interface KeptObservations extends Observations {
  /** Forgets what is known of a host, and waits for its first answer. */
  begin(environment: string, host: string): void;
  /** Keeps what was found, and tells listeners if it differs from before. Returns what is known now. */
  note(environment: string, host: string, found: Found): HostObservation;
  forget(environment: string, host: string): void;
}

/** The newest observation of each host. Publishes `observation` when one has changed. */
export function createObservations(clock: Pick<Clock, 'now'>, events: Pick<Events, 'publish'>): KeptObservations {
  const known = new Map<string, HostObservation>();
  const keyOf = (environment: string, host: string): string => `${environment}/${host}`;
  const keep = (observation: HostObservation): HostObservation => {
    known.set(keyOf(observation.environment, observation.host), observation);
    return observation;
  };
  const fresh = (environment: string, host: string): HostObservation => ({
    environment,
    host,
    reachable: null,
    since: clock.now(),
    why: null,
    seen: null,
  });
  return {
    of: (environment, host) => known.get(keyOf(environment, host)) ?? null,
    all: () => [...known.values()],
    begin: (environment, host) => void keep(fresh(environment, host)),
    forget: (environment, host) => void known.delete(keyOf(environment, host)),
    note(environment, host, found) {
      const now = clock.now();
      const before = known.get(keyOf(environment, host)) ?? fresh(environment, host);
      const reachable = 'seen' in found;
      const after = keep({
        environment,
        host,
        reachable,
        since: before.reachable === reachable ? before.since : now,
        why: reachable ? null : found.why,
        seen: reachable ? { at: now, ...found.seen } : before.seen,
      });
      if (contentOf(before) !== contentOf(after)) events.publish({ type: 'observation', environment, host, reachable });
      return after;
    },
  };
}

/** Without the time of the look, and without the reason, which an engine words in more than one way. */
const contentOf = ({ reachable, seen }: HostObservation): string =>
  JSON.stringify([reachable, seen === null ? null : [seen.own, seen.foreign]]);
