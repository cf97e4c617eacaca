import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Why } from '../../api/types.js';
import { whyOf } from '../../parts/decided.js';
import { useRowKeys } from '../../parts/row-keys.js';
import { counted } from '../../parts/short.js';
import { State } from '../../parts/state.js';

/** What the same push meant for other services. */
export function SamePush({ why: { samePush, samePushCount } }: { why: Why }): VNode {
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  const left = samePushCount - samePush.length;
  return (
    <section aria-labelledby="same-push">
      <h2 id="same-push">The same push</h2>
      <ul ref={list} class="same-push">
        {samePush.map(({ id, service, branch, head, decision, reason, buildId }) => (
          <li key={id}>
            <State of={decision === 'build' ? 'built' : 'skipped'} word={decision === 'build' ? 'build' : true} />
            <a href={whyOf({ id, service, branch, head }) ?? ''}>{service}</a>
            <span class="soft reason">{reason.message}</span>
            {buildId !== null && <a href={`/builds/${encodeURIComponent(buildId)}`}>build</a>}
          </li>
        ))}
      </ul>
      {left > 0 && <p class="soft">And {counted(left, 'more service')}.</p>}
    </section>
  );
}
