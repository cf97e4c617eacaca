import type { Store } from '../store/contract.js';

/**
 * Keeps apart what processes have died with. Whatever was in hand beside the culprit died with it, so none of it proves anything yet. With
 * two deaths a look or build is a suspect, and if the process dies with it once more it is set aside. Until that is decided, the culprit
 * must not strike beside an innocent suspect. So a suspect is in hand alone among all that could be the culprit: looks and builds with a
 * death, and whatever else comes from their repositories (a new push, the sweep). Everything else goes on side by side.
 */
export interface Quarantine {
  /** Repositories, in lower case, of looks and unfinished builds that a process has died with. */
  repositories(): Promise<ReadonlySet<string>>;
  /** For a suspect. Gives the function that leaves; null where anything of those repositories is in hand. */
  enterAlone(): (() => void) | null;
  /** For anything else of those repositories; null where a suspect is in hand. */
  enter(): (() => void) | null;
}

export function createQuarantine({ setAsides }: Pick<Store, 'setAsides'>): Quarantine {
  let isOver = false;
  let isAlone = false;
  let inside = 0;
  return {
    async repositories() {
      if (isOver) return new Set();
      const found = new Set(await setAsides.touched());
      // Deaths are only counted at the start.
      isOver = found.size === 0;
      return found;
    },
    enterAlone() {
      if (isAlone || inside > 0) return null;
      isAlone = true;
      return () => (isAlone = false);
    },
    enter() {
      if (isAlone) return null;
      inside += 1;
      return () => (inside -= 1);
    },
  };
}
