import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { keyPressed, type KeyMap } from './key-maps.js';

export type { KeyAct, KeyMap } from './key-maps.js';

const SEQUENCE_MS = 1000;
const storageKey = 'slipway.keys';

/** The maps in force. The newest is asked first. */
export const keyMaps = signal<readonly KeyMap[]>([]);
/** Single keys can be switched off (WCAG 2.1.4). */
export const keysAreOn = signal(localStorage.getItem(storageKey) !== 'off');

export function switchKeys(on: boolean): void {
  keysAreOn.value = on;
  localStorage.setItem(storageKey, on ? 'on' : 'off');
}

/** Keys of a page or a part of it, while it is shown. */
export function useKeys(map: KeyMap): void {
  useEffect(() => {
    keyMaps.value = [...keyMaps.value, map];
    return () => (keyMaps.value = keyMaps.value.filter((one) => one !== map));
  });
}

let first: { readonly key: string; readonly at: number } | null = null;

/** Listens for the whole page. */
export function installKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (!keysAreOn.value || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
    const pending = first !== null && event.timeStamp - first.at < SEQUENCE_MS ? first.key : null;
    const { found, next } = keyPressed(keyMaps.value, pending, event.key);
    // Shift of a second key is no key by itself.
    if (event.key !== 'Shift') first = next === null ? null : { key: next, at: event.timeStamp };
    if (found === undefined || (event.repeat && found.repeats !== true)) return;
    event.preventDefault();
    found.act();
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}
