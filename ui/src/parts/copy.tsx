import { useState } from 'preact/hooks';
import type { VNode } from 'preact';

const SHOWN_MS = 1500;

/** Copies a text. `what` names it for screen readers: "Copy WHAT". */
export function Copy({ text, what }: { text: string; what: string }): VNode {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), SHOWN_MS);
  };
  return (
    <button type="button" class="quiet copy" title={text} aria-label={`Copy ${what}`} onClick={() => void copy()}>
      {done ? '✓' : '⧉'}
    </button>
  );
}
