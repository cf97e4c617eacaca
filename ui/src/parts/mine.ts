import { signal } from '@preact/signals';

const storageKey = 'slipway.mine';

function stored(): ReadonlySet<string> {
  const found: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
  return new Set(Array.isArray(found) ? found.filter((name) => typeof name === 'string') : []);
}

/** Services that the visitor has starred in this browser. */
export const mine = signal(stored());

export function star(name: string, on: boolean): void {
  const next = new Set(mine.value);
  if (on) next.add(name);
  else next.delete(name);
  mine.value = next;
  localStorage.setItem(storageKey, JSON.stringify([...next]));
}

/** The switch of one service. */
export function isStarred(name: string): boolean {
  return mine.value.has(name);
}
