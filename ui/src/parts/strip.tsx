import type { VNode } from 'preact';

const STEP = 6;
const HEIGHT = 14;

/** How a letter of `outcomes` is drawn, and how it is said. */
const marks: Readonly<Record<string, { kind: 'ok' | 'bad' | 'idle'; word: string; path: (x: number) => string }>> = {
  b: { kind: 'ok', word: 'built', path: (x) => `M${x} 0h4v${HEIGHT}h-4z` },
  r: { kind: 'ok', word: 'reused', path: (x) => `M${x} 7h4v7h-4z` },
  f: { kind: 'bad', word: 'failed', path: (x) => `M${x} 0h4v3h-4zM${x} 6h4v8h-4z` },
  c: { kind: 'idle', word: 'canceled', path: (x) => `M${x} 11h4v3h-4z` },
  s: { kind: 'idle', word: 'overtaken', path: (x) => `M${x} 11h4v3h-4z` },
  '-': { kind: 'idle', word: 'nothing to build', path: (x) => `M${x + 1} 12h2v2h-2z` },
};

/** The last outcomes of a branch, oldest first. One path a colour, so that a thousand of them stay cheap. */
export function Strip({ outcomes }: { outcomes: string }): VNode {
  const paths = { ok: '', bad: '', idle: '' };
  const counts = new Map<string, number>();
  [...outcomes].forEach((letter, index) => {
    const mark = marks[letter];
    if (!mark) return;
    paths[mark.kind] += mark.path(index * STEP);
    counts.set(mark.word, (counts.get(mark.word) ?? 0) + 1);
  });
  const said = [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
  const width = 20 * STEP;
  return (
    <svg
      class="strip"
      role="img"
      aria-label={said === '' ? 'no builds' : `Last: ${said}`}
      viewBox={`0 0 ${width} ${HEIGHT}`}
    >
      {(['ok', 'bad', 'idle'] as const).map(
        (kind) => paths[kind] !== '' && <path key={kind} class={kind} d={paths[kind]} />,
      )}
    </svg>
  );
}
