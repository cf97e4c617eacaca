import type { Store } from '../store/contract.js';

/**
 * Isolates work that may have crashed the process. Everything in progress at a crash shares its fate, so one death proves nothing. After
 * two deaths a look or build is a suspect, and after one more it is set aside. Until then the culprit must not take an innocent suspect
 * down with it. So a suspect never runs beside other candidates: looks and builds with a death, and all work of their repositories.
 * Everything else runs in parallel.
 */
export interface Quarantine {
  /** Repositories, in lower case, of looks and unfinished builds that were in progress when a process died. */
  repositories(): Promise<ReadonlySet<string>>;
  /** Admits a suspect and returns the function that leaves. Null while any work of those repositories is in progress. */
  enterAlone(): (() => void) | null;
  /** Admits any other work of those repositories. Null while a suspect is in progress. */
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
      // Deaths are counted at the start only: of work that was in hand when the store was opened.
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
