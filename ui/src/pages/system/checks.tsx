import type { VNode } from 'preact';
import type { System } from '../../api/types.js';
import { State } from '../../parts/state.js';
import { nameOf } from './sentences.js';

const order = { fault: 0, note: 1, ok: 2 } as const;

/** Each dependency with what is wrong and what to do. What is well takes one line. */
export function Checks({ checks }: { checks: System['checks'] }): VNode {
  const loud = checks.filter(({ state }) => state !== 'ok').sort((a, b) => order[a.state] - order[b.state]);
  const quiet = checks.filter(({ state }) => state === 'ok');
  return (
    <section>
      <h2 class="hidden">Checks</h2>
      <ul class="checks" aria-label="Checks">
        {loud.map((check) => (
          <li key={check.name} data-check={check.name}>
            <State of={check.state} />
            <b>{nameOf(check)}</b>
            <div>
              <p class="message">{check.message}</p>
              <p class="soft">{check.remedy}</p>
            </div>
          </li>
        ))}
      </ul>
      <ul class="line well" aria-label="Checks that are well">
        {quiet.map((check) => (
          <li key={check.name} data-check={check.name}>
            <State of="ok" /> {nameOf(check)}
          </li>
        ))}
      </ul>
    </section>
  );
}
