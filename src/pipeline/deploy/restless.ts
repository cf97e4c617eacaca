import type { Desired } from '../../model/deployment.js';

/** A service in an environment that does not stay up by repairs, and the hosts on which it does not. */
export interface RestlessPair extends Pick<Desired, 'environment' | 'service'> {
  readonly hosts: readonly string[];
}

/** What does not stay up by repairs. Kept in memory: the first look after a start that would repair once more finds it out again. */
export interface Restless {
  of(environment: string, service: string): readonly string[];
  all(): readonly RestlessPair[];
  /** Replaces what is known of the pair. True if that is other than before. */
  note(pair: RestlessPair): boolean;
  /** Forgets all pairs but these. */
  keepOnly(pairs: readonly Pick<Desired, 'environment' | 'service'>[]): void;
}

export function createRestless(): Restless {
  const known = new Map<string, RestlessPair>();
  const keyOf = ({ environment, service }: Pick<Desired, 'environment' | 'service'>): string =>
    `${environment}/${service}`;
  return {
    of: (environment, service) => known.get(keyOf({ environment, service }))?.hosts ?? [],
    all: () => [...known.values()],
    note(pair) {
      const before = known.get(keyOf(pair))?.hosts ?? [];
      if (pair.hosts.length === 0) known.delete(keyOf(pair));
      else known.set(keyOf(pair), pair);
      return before.join(' ') !== pair.hosts.join(' ');
    },
    keepOnly(pairs) {
      const kept = new Set(pairs.map(keyOf));
      for (const key of known.keys()) if (!kept.has(key)) known.delete(key);
    },
  };
}
