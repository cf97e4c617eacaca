import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { mayBuild } from '../../api/session.js';
import type { LedgerDelivery, LedgerEntry } from '../../api/types.js';
import { causeOf } from '../../parts/causes.js';
import { Copy } from '../../parts/copy.js';
import { DecisionLine } from '../../parts/decision.js';
import { State } from '../../parts/state.js';
import { minuteTime } from '../../parts/time.js';
import { Loaded } from '../../shell/page.js';
import { rangeOf, resultOf, subjectOf, sumOf, total, type Result } from './entries.js';
import { useDelivery } from './use-delivery.js';

/** One push, or a look that somebody asked for. It unfolds to its decisions, which are read then. */
export function DeliveryRow({ entry, open = false }: { entry: LedgerEntry; open?: boolean }): VNode | null {
  const { delivery, by, at } = entry;
  const unfolded = useSignal(open);
  if (delivery === null) return null;
  return (
    <details open={open} onToggle={({ currentTarget }) => (unfolded.value = currentTarget.open)}>
      <Line at={at} result={resultOf(entry)}>
        <span class="mark soft">{delivery.event}</span> <b>{delivery.repository ?? 'no repository'}</b>{' '}
        <span class="mono">{rangeOf(delivery)}</span>
        {by !== null && <span class="soft"> by {by}</span>}
      </Line>
      {unfolded.value && <Inside delivery={delivery} />}
    </details>
  );
}

/** What nobody pushed for: found by the sweep, or because something else has changed. */
export function LookRow({ entries }: { entries: readonly LedgerEntry[] }): VNode | null {
  const decisions = entries.flatMap(({ decision }) => decision ?? []);
  const [first] = entries;
  if (first === undefined) return null;
  const kind = first.decision?.trigger.kind ?? '';
  return (
    <details>
      <Line at={first.at} result={sumOf(total(entries))}>
        <span class={`mark ${kind === 'sweep' ? 'warn' : 'soft'}`}>{causeOf(kind)}</span> <b>{subjectOf(entries)}</b>
        {first.by !== null && <span class="soft"> by {first.by}</span>}
      </Line>
      <ul class="inside" aria-label="Decisions">
        {decisions.map((decision) => (
          <DecisionLine key={decision.id} decision={decision} name />
        ))}
      </ul>
    </details>
  );
}

function Line({ at, result, children }: { at: string; result: Result; children: ComponentChildren }): VNode {
  return (
    <summary>
      <time class="tabular soft" dateTime={at}>
        {minuteTime(at)}
      </time>
      <span class="what">{children}</span>
      <span class="result">
        <span class="soft" aria-hidden="true">
          →{' '}
        </span>
        <State of={result.state} word={result.words} />
      </span>
    </summary>
  );
}

function Inside({ delivery: { id } }: { delivery: LedgerDelivery }): VNode {
  const read = useDelivery(id);
  return (
    <div class="inside">
      <Loaded read={read} rows={1}>
        {({ decisions, warnings = [], reason, status }) => (
          <>
            {decisions.length === 0 && (
              <p class="soft">
                {status === 'accepted' ? 'Not looked at yet.' : (reason ?? 'No service is concerned.')}
              </p>
            )}
            <ul aria-label="Decisions">
              {decisions.map((decision) => (
                <DecisionLine key={decision.id} decision={decision} name />
              ))}
            </ul>
            {warnings.map(({ service, message }) => (
              <p key={`${service} ${message}`} class="warn">
                △ {service}: {message}
              </p>
            ))}
          </>
        )}
      </Loaded>
      <p class="line soft">
        <span>
          delivery{' '}
          <a class="mono" href={`/deliveries?delivery=${encodeURIComponent(id)}`}>
            {id}
          </a>{' '}
          <Copy what="id of the delivery" text={id} />
        </span>
        <Replay id={id} />
      </p>
    </div>
  );
}

/** Looks again at what the delivery is about. */
function Replay({ id }: { id: string }): VNode | null {
  const said = useSignal<{ readonly tone: string; readonly words: string } | null>(null);
  if (!mayBuild.value) return null;
  const replay = async () => {
    said.value = null;
    try {
      await answerOf(api.POST('/api/v1/deliveries/{id}/replay', { params: { path: { id } } }));
      said.value = { tone: 'soft', words: 'It will be looked at again.' };
      await queries.invalidateQueries({ queryKey: ['ledger'] });
    } catch (error) {
      said.value = { tone: 'bad', words: (error as Error).message };
    }
  };
  return (
    <>
      <button type="button" onClick={() => void replay()}>
        Replay
      </button>
      <span role="status" class={said.value?.tone}>
        {said.value?.words}
      </span>
    </>
  );
}
