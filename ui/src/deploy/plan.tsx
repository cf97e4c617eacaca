import type { VNode } from 'preact';
import type { Environment, Plan } from '../api/types.js';
import { counted } from '../parts/short.js';
import { moment } from '../parts/moment.js';
import { Changes, Commits } from './changes.js';
import { useRelease } from './queries.js';
import { deployedIn, elsewhere, planSentence, releaseName } from './sentences.js';
import type { Ticket } from './use-ticket.js';

/** What the ticket would do, as the server plans it. */
export function PlanShown({ ticket, place }: { ticket: Ticket; place: Environment }): VNode {
  const { plan, isBlocked, force } = ticket;
  const mayForce = isBlocked || force.value;
  return (
    <div class="plan">
      <output>
        {plan.data !== undefined && <Sentence ticket={ticket} place={place} plan={plan.data} />}
        {plan.error !== null && <span class="bad">{plan.error.message}</span>}
      </output>
      {mayForce && (
        <label class="choice">
          <input
            type="checkbox"
            checked={force.value}
            onChange={({ currentTarget }) => (force.value = currentTarget.checked)}
          />
          Deploy it although it is blocked
        </label>
      )}
      {plan.data !== undefined && <Details plan={plan.data} />}
    </div>
  );
}

function Sentence({ ticket, place, plan }: { ticket: Ticket; place: Environment; plan: Plan }): VNode {
  const { data: release } = useRelease(plan.service, plan.release);
  const desired = deployedIn(place, plan.service);
  const others =
    release === undefined
      ? []
      : elsewhere(ticket.environments.data ?? [], {
          service: plan.service,
          digest: release.image.digest,
          environment: place.name,
        });
  const to = release === undefined ? `release ${plan.release}` : releaseName(release);
  const from = desired && (desired.tag ?? `release ${desired.release}`);
  return <>{planSentence({ plan, strategy: place.strategy, from, to, elsewhere: others, now: Date.now() })}.</>;
}

function Details({ plan }: { plan: Plan }): VNode {
  const slowest = Math.max(0, ...plan.hosts.map(({ interruptionSeconds }) => interruptionSeconds ?? 0));
  return (
    <>
      <Faults faults={plan.faults} />
      {plan.gates.length > 0 && (
        <div>
          <p>It is prepared at once, and then it waits:</p>
          <ul class="notes">
            {plan.gates.map(({ code, message, until }) => (
              <li key={code}>
                <span aria-hidden="true">○</span> {message}
                {until !== null && ` Until ${moment(until)}.`}
              </li>
            ))}
          </ul>
        </div>
      )}
      <ul class="notes">
        {plan.warnings.map((warning) => (
          <li key={warning} class="warn">
            △ {warning}
          </li>
        ))}
        {plan.drift.map(({ host, field, wanted, found }) => (
          <li key={`${host} ${field}`} class="warn">
            △ Now on {host}, {field} is {found ?? 'not set'} instead of {wanted ?? 'not set'}
          </li>
        ))}
      </ul>
      <Changes hosts={plan.hosts} />
      <Commits commits={plan.commits} />
      <p class="soft">
        {slowest > 0 && `The last time nobody answered for ${slowest} s on a host. `}
        {plan.rollbackTo !== null &&
          plan.rollbackTo !== plan.release &&
          `A rollback would go to release ${plan.rollbackTo}.`}
      </p>
    </>
  );
}

function Faults({ faults }: Pick<Plan, 'faults'>): VNode | null {
  if (faults.length === 0) return null;
  return (
    <div class="bad">
      <p>Nothing can be deployed: the run file has {counted(faults.length, 'fault')}.</p>
      <ul class="notes">
        {faults.map(({ file, line, column, message }) => (
          <li key={`${file}:${line}:${column}`}>
            <span class="mono">
              {file}:{line}:{column}
            </span>{' '}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
