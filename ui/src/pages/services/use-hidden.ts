import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** No row is lower. What fills the window changes in the frame of a key press. */
const ROW_PX = 36;
/** Rows that change in one go after that. A frame has time for them. */
const LATER_ROWS = 150;
const LATER_MS = 16;

/**
 * Hides the children of a list that a filter leaves out. Showing a thousand rows takes longer than a key press may, so the top of the list
 * comes at once, and the rest follows in the next frames. Nothing is removed: the browser's own search finds all that is shown.
 */
export function useHidden(list: RefObject<HTMLElement>, isShown: readonly boolean[]): void {
  useLayoutEffect(() => {
    const rows = [...(list.current?.children ?? [])] as HTMLElement[];
    let next = 0;
    let timer = 0;
    const update = (isEnough: (shown: number, changed: number) => boolean) => {
      for (let [shown, changed] = [0, 0]; next < rows.length && !isEnough(shown, changed); next += 1) {
        const row = rows[next];
        const hidden = isShown[next] === false;
        if (!hidden) shown += 1;
        if (row === undefined || row.hidden === hidden) continue;
        row.hidden = hidden;
        changed += 1;
      }
      if (next < rows.length) timer = window.setTimeout(() => update((_, changed) => changed >= LATER_ROWS), LATER_MS);
    };
    const first = Math.ceil(innerHeight / ROW_PX);
    update((shown) => shown >= first);
    return () => clearTimeout(timer);
  }, [isShown]);
}
