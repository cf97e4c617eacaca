import type { VNode } from 'preact';
import { isStarred, star } from './mine.js';

/** Stars a service in this browser, or takes the star away. The list of services can show only those. */
export function Star({ name }: { name: string }): VNode {
  const on = isStarred(name);
  return (
    <button
      type="button"
      class="quiet star"
      aria-pressed={on}
      aria-label={`Star ${name}`}
      title={on ? 'One of mine' : 'Make it one of mine'}
      onClick={() => star(name, !on)}
    >
      {on ? '★' : '☆'}
    </button>
  );
}
