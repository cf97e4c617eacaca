import type { OwnContainer } from '../../model/observation.js';
import type { Releases } from '../../store/release-contract.js';

export interface SeenNumbersStore {
  readonly releases: Pick<Releases, 'numberSeen'>;
}

/** Tells the database which releases our containers are. Fails as the store does, and then tells it again at the next look. */
export type NoteNumbers = (own: readonly Pick<OwnContainer, 'service' | 'release'>[]) => Promise<void>;

/** A database that was restored from an older backup must not give a number twice, so new ones are higher than any that was seen. */
export function createSeenNumbers({ releases }: SeenNumbersStore): NoteNumbers {
  const noted = new Map<string, number>();
  return async (own) => {
    for (const { service, release } of own) {
      if (release <= (noted.get(service) ?? 0)) continue;
      await releases.numberSeen(service, release);
      noted.set(service, release);
    }
  };
}
