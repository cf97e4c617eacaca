import type { RefObject } from 'preact';
import { useKeys } from '../shell/keys.js';

interface RowOptions {
  readonly mark?: (row: HTMLElement) => void;
  /** Selects the rows. Default: the children of the list. */
  readonly rows?: string;
}

/** `j` and `k` move among the rows of a list, `Enter` and `o` open the first link of a row, `x` marks it. A row that unfolds has the focus on what unfolds it. */
export function useRowKeys(list: RefObject<HTMLElement>, options: RowOptions = {}): void {
  const { mark, rows: selector = ':scope > :not([hidden])' } = options;
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>(selector) ?? [])];
  const current = () => rows().find((row) => row.contains(document.activeElement));
  const linkOf = (row: HTMLElement | undefined) => row?.querySelector<HTMLAnchorElement>('a[href]');
  const targetOf = (row: HTMLElement | undefined) => row?.querySelector<HTMLElement>('summary') ?? linkOf(row);
  const move = (by: 1 | -1) => {
    const all = rows();
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
    targetOf(next)?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  const toggle = () => {
    const row = current();
    if (row !== undefined) mark?.(row);
  };
  useKeys({
    j: { words: 'Next row (Enter opens it)', act: () => move(1), repeats: true },
    k: { words: 'Row before', act: () => move(-1), repeats: true },
    o: {
      words: 'Open in a new tab',
      ofRow: true,
      act: () => {
        const link = linkOf(current());
        if (link) open(link.href, '_blank', 'noopener');
      },
    },
    ...(mark && { x: { words: 'Mark the row', act: toggle, ofRow: true } }),
  });
}
