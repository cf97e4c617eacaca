import type { VNode } from 'preact';
import type { Mark } from './cell.js';
import { State } from '../parts/state.js';

/** The marks of a cell: glyphs, with words for screen readers. `linked`: one that a deployment left leads to it. */
export function Marks({ of, linked = false }: { of: readonly Mark[]; linked?: boolean }): VNode {
  return (
    <>
      {of.map((mark) =>
        linked && mark.deployment !== null ? (
          <a key={mark.state} href={`/deployments/${mark.deployment}`} title={mark.words}>
            <OneMark mark={mark} />
          </a>
        ) : (
          <OneMark key={mark.state} mark={mark} />
        ),
      )}
    </>
  );
}

function OneMark({ mark: { state, words, short } }: { mark: Mark }): VNode {
  return (
    <span class="tabular" title={words}>
      <State of={state} word={state === 'not-there'} />
      <span aria-hidden="true" class="warn">
        {short}
      </span>
      <span class="hidden">: {words}</span>
    </span>
  );
}

/** The marks with their words, for where there is room. */
export function MarkList({ of }: { of: readonly Mark[] }): VNode {
  return (
    <ul>
      {of.map(({ state, words, deployment }) => (
        <li key={state}>
          <State of={state} word={words} /> {deployment !== null && <a href={`/deployments/${deployment}`}>see it</a>}
        </li>
      ))}
    </ul>
  );
}
