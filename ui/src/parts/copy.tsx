import { useState } from 'preact/hooks';
import type { VNode } from 'preact';

const SHOWN_MS = 1500;

/** Copies a text. `what` names it for screen readers: "Copy WHAT". */
export function Copy({ text, what }: { text: string; what: string }): VNode {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await copyText(text);
    setDone(true);
    setTimeout(() => setDone(false), SHOWN_MS);
  };
  return (
    <button type="button" class="quiet copy" title={text} aria-label={`Copy ${what}`} onClick={() => void copy()}>
      {done ? <span class="ok">✓ copied</span> : <Sheets />}
    </button>
  );
}

/** Copies a text. The clipboard is there only on https and on this machine itself. Elsewhere a selection is copied. */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  // While a dialog is open, nothing outside of it can be selected.
  (document.querySelector('dialog:modal') ?? document.body).append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** Two sheets. Few fonts have the character for it. */
function Sheets(): VNode {
  return (
    <svg class="sheets" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M5.5 5.5h8v8h-8zM10.5 2.5h-8v8" />
    </svg>
  );
}
