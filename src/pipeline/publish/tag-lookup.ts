import type { Clock } from '../../clock.js';
import type { TagPlaces } from './names.js';

/** Looks up a version tag while its image is still being finished. Changes nothing and never fails. */
export interface TagLookup {
  /** Starts the lookup. Later calls do nothing. */
  begin(): void;
  /**
   * True if the name was free a moment ago: no row, and nothing in the registry. False proves nothing, and the caller has to ask again:
   * there was no lookup, it failed, was too slow or is too old, or the name is taken.
   */
  foundFree(): Promise<boolean>;
}

/** Another program may take the name between the lookup and the push. Asking again costs hundredths of this. */
const FRESH_MS = 1_000;

export function startTagLookup(
  { registry, tags, clock }: TagPlaces & { readonly clock: Clock },
  { repository, tag }: { readonly repository: string; readonly tag: string },
): TagLookup {
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
