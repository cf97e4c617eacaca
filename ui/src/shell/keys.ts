import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** What a key does, in words for the list that `?` shows. Null words: not listed. */
export interface KeyAct {
  readonly words: string | null;
  readonly act: () => void;
}

/** By key, or by two keys that follow each other: `g s`. */
export type KeyMap = Readonly<Record<string, KeyAct>>;

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
    const before = first !== null && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${event.key}` : null;
    const found = (before === null ? undefined : actOf(before)) ?? actOf(event.key);
    first = found === undefined && event.key.length === 1 ? { key: event.key, at: event.timeStamp } : null;
    if (found === undefined) return;
    event.preventDefault();
    found.act();
  });
}

const actOf = (keys: string): KeyAct | undefined => [...keyMaps.value].reverse().find((map) => keys in map)?.[keys];

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}
