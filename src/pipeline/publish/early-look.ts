import type { Clock } from '../../clock.js';
import type { TagPlaces } from './names.js';

/** A look at a version tag's name while its image is still being finished. It changes nothing, and no failure of it leaves it. */
export interface EarlyLook {
  /** Looks, the first time that it is called. */
  begin(): void;
  /**
   * Whether nobody had the name a moment ago: no row, and nothing in the registry. False says nothing, and the name is to be asked for as
   * if nobody had looked: there was no look, it failed, it is not over in time or too long ago, or somebody has the name.
   */
  foundFree(): Promise<boolean>;
}

/** Somebody else may come to the name between the look and the push. Asking again costs hundredths of this. */
const FRESH_MS = 1_000;

export function lookEarly(
  { registry, tags, clock }: TagPlaces & { readonly clock: Clock },
  { repository, tag }: { readonly repository: string; readonly tag: string },
): EarlyLook {
  let look: { readonly free: Promise<boolean>; readonly until: number } | null = null;
  const nobodyHasIt = async (): Promise<boolean> => {
    const [row, held] = await Promise.all([tags.get(repository, tag), registry.manifest(repository, tag)]);
    return row === null && held === null;
  };
  return {
    begin() {
      look ??= { free: nobodyHasIt().catch(() => false), until: clock.now() + FRESH_MS };
    },
    async foundFree() {
      const left = look === null ? 0 : look.until - clock.now();
      if (look === null || left <= 0) return false;
      const answered = new AbortController();
      const tooLate = clock.sleep(left, answered.signal).then(() => false);
      try {
        return await Promise.race([look.free, tooLate]);
      } finally {
        answered.abort();
      }
    },
  };
}
