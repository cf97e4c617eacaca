import type { VNode } from 'preact';
import type { Why } from '../../api/types.js';
import { causeOf } from '../../parts/causes.js';
import { DecisionLine } from '../../parts/decision.js';
import { counted } from '../../parts/short.js';
import { Ago } from '../../parts/time.js';

/** `2 other decisions about this commit`. */
export const othersWords = ({ others }: Why): string => `${counted(others.length, 'other decision')} about this commit`;

/** What else was decided about the commit: before, later, or for another branch. */
export function Others({ why }: { why: Why }): VNode {
  return (
    <section aria-labelledby="others">
      <h2 id="others">{othersWords(why)}</h2>
      <ul class="others" aria-labelledby="others">
        {why.others.map((decision) => (
          <DecisionLine key={decision.id} decision={decision} name={false}>
            <span class="soft">
              <Ago at={decision.at} /> {causeOf(decision.trigger.kind)}
            </span>
          </DecisionLine>
        ))}
      </ul>
    </section>
  );
}
