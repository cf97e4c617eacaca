import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Decision } from '../../api/types.js';
import { causeOf } from '../../parts/causes.js';
import { DecisionLine } from '../../parts/decision.js';
import { useRowKeys } from '../../parts/row-keys.js';
import { Ago } from '../../parts/time.js';

/** Why the last pushes were built, or not. */
export function Decisions({ decisions }: { decisions: readonly Decision[] }): VNode {
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  if (decisions.length === 0)
    return <p class="soft">Nothing was decided yet. A push to one of its branches brings the first decision.</p>;
  return (
    <ul ref={list} class="decisions" aria-labelledby="decisions-title">
      {decisions.map((decision) => {
        const { kind, deliveryId, by } = decision.trigger;
        return (
          <DecisionLine key={decision.id} decision={decision} name={false}>
            <span class="soft" title={by === null ? '' : `by ${by}`}>
              <Ago at={decision.at} />{' '}
              {deliveryId === null ? (
                causeOf(kind)
              ) : (
                <a href={`/deliveries?delivery=${encodeURIComponent(deliveryId)}`}>{causeOf(kind)}</a>
              )}
            </span>
          </DecisionLine>
        );
      })}
    </ul>
  );
}
