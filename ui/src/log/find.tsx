import { useSignal } from '@preact/signals';
import type { RefObject, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { counted } from '../parts/short.js';
import { useKeys } from '../shell/keys.js';
import { findLines } from './model.js';
import type { LogView } from './view.js';

const HEIGHT = 1000;
const QUIET_MS = 120;

/** Searches all lines, also those that are folded. `n` and `N` go from hit to hit. */
export function Find({ view, length }: { view: RefObject<LogView | null>; length: number }): VNode {
  const field = useRef<HTMLInputElement>(null);
  const [text, isExpression] = [useSignal(''), useSignal(false)];
  const found = useSignal<{ readonly lines: readonly number[]; readonly hits: number }>({ lines: [], hits: 0 });
  const at = useSignal(-1);

  useEffect(() => {
    const timer = setTimeout(() => {
      if (view.current === null) return;
      found.value = findLines(view.current.model, text.value, isExpression.value);
      view.current.mark(found.value.lines);
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [text.value, isExpression.value, length]);

  const go = (by: 1 | -1) => {
    const { lines } = found.value;
    if (lines.length === 0) return;
    at.value = (Math.max(at.value, by > 0 ? -1 : 0) + by + lines.length) % lines.length;
    view.current?.goToHit(lines[at.value] ?? 1);
  };
  useKeys({
    '/': { words: 'Search the log', act: () => field.current?.focus() },
    n: { words: 'Next hit', act: () => go(1) },
    N: { words: 'Hit before', act: () => go(-1) },
  });
  const { lines, hits } = found.value;
  return (
    <search class="line">
      <input
        ref={field}
        type="search"
        aria-label="Search the log"
        placeholder="find"
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
          at.value = -1;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
        }}
      />
      <button
        type="button"
        aria-pressed={isExpression.value}
        aria-label="Regular expression"
        onClick={() => (isExpression.value = !isExpression.value)}
      >
        .*
      </button>
      <output aria-label="Hits">{text.value !== '' && said(at.value, lines.length, hits)}</output>
      <button type="button" aria-label="Hit before" disabled={lines.length === 0} onClick={() => go(-1)}>
        ▲
      </button>
      <button type="button" aria-label="Next hit" disabled={lines.length === 0} onClick={() => go(1)}>
        ▼
      </button>
      {lines.length > 0 && length > 0 && (
        <svg class="hit-map" viewBox={`0 0 6 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={lines.map((line) => `M0 ${Math.floor((line / length) * HEIGHT)}h6v2h-6z`).join('')} />
        </svg>
      )}
    </search>
  );
}

/** `14 hits`, or once somebody goes through them, `line 3 of 9, 14 hits`. */
function said(at: number, lines: number, hits: number): string {
  const all = counted(hits, 'hit');
  return at < 0 ? all : `line ${at + 1} of ${lines}, ${all}`;
}
