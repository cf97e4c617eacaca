import type { VNode } from 'preact';
import type { Why } from '../../api/types.js';

const answers = {
  yes: { glyph: '→', word: 'yes, this decides' },
  no: { glyph: '·', word: 'no' },
  'not-asked': { glyph: '', word: 'not asked' },
} as const;

/** The rules in the order in which they are asked. The first that holds decides. */
export function Ladder({ rungs }: { rungs: Why['ladder'] }): VNode {
  return (
    <section aria-labelledby="ladder">
      <h2 id="ladder">Rules</h2>
      <p class="soft">They are asked in this order. The first that holds decides.</p>
      <ol class="ladder">
        {rungs.map(({ rule, words, held, note }, index) => (
          <li key={rule} data-held={held}>
            <span class="glyph" aria-hidden="true">
              {answers[held].glyph}
            </span>
            <span class="number tabular" aria-hidden="true">
              {index + 1}
            </span>
            <span class="words">{words}</span>
            <span class="answer">{answers[held].word}</span>
            {held === 'no' && note !== null && <span class="soft note">{note}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
