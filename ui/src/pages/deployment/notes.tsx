import type { VNode } from 'preact';
import type { Deployment } from '../../api/types.js';
import { notesOf } from './note-list.js';

/** What is worth knowing of a deployment, each thing once. */
export function Notes({ deployment }: { deployment: Deployment }): VNode | null {
  const notes = notesOf(deployment);
  if (notes.length === 0) return null;
  return (
    <ul class="notes part" aria-label="Notes">
      {notes.map(({ hosts, text }) => (
        <li key={text}>
          <span class="warn">△</span>{' '}
          <span class="soft">
            {hosts.length > 0 && `Docker says on ${hosts.join(' and ')}: `}
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}
