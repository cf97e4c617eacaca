import type { VNode } from 'preact';
import type { Environment, Plan } from '../api/types.js';
import { counted, shortCommit } from '../parts/short.js';
import { moment } from '../parts/moment.js';
import { Changes, Commits } from './changes.js';
import { useRelease, useReleaseNow } from './queries.js';
import { ImageOf } from '../parts/image-of.js';
import { imageCommit, releaseWords } from '../parts/release.js';
import { blockOf, deployedIn, elsewhere, planSentence, releaseName } from './sentences.js';
import type { Ticket } from './use-ticket.js';

/** What the ticket would do, as the server plans it. */
export function PlanShown({ ticket, place }: { ticket: Ticket; place: Environment }): VNode {
  const { plan, isBlocked, force } = ticket;
  const mayForce = isBlocked || force.value;
  return (
    <div class="plan">
      <output>
        {plan.data !== undefined && <Sentence ticket={ticket} place={place} plan={plan.data} />}
        {plan.error !== null && (
          <span class="bad">{isBlocked ? <Blocked ticket={ticket} place={place} /> : plan.error.message}</span>
        )}
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

/** That the release is blocked there, why, and what may be done. */
function Blocked({ ticket: { target, service, environments, plan }, place }: { ticket: Ticket; place: Environment }) {
  const from = target !== null && 'from' in target ? target.from : null;
  const there = environments.data?.find(({ name }) => name === from);
  const number = target !== null && 'release' in target ? target.release : there && deployedIn(there, service)?.release;
  const { data: release } = useReleaseNow(service, number ?? null);
  const block = release === undefined ? null : blockOf(release, place.name);
  const what = release === undefined ? 'The release' : `${releaseName(release)}, release ${release.number},`;
  const why = block?.code ?? 'somebody rolled back from it';
  return (
    <>
      {what} is blocked in {place.name}
      {block !== null && (
        <>
          : {why}
          {block.deploymentId !== null && (
            <>
              {' '}
              (<a href={`/deployments/${block.deploymentId}`}>see that deployment</a>)
            </>
          )}
        </>
      )}
      . Deploy another one, or tick the box below. {plan.isFetching && <span class="soft">asking …</span>}
    </>
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
  const isOther = desired !== null && desired.release !== plan.release && from === to;
  const [before, after] = isOther ? [`release ${desired.release}`, `release ${plan.release} of ${to}`] : [from, to];
  const said = { plan, strategy: place.strategy, from: before, to: after, elsewhere: others, now: Date.now() };
  return (
    <>
      {planSentence(said)}.
      {release !== undefined && imageCommit(release.commit, release.image.tags[0] ?? null) !== null && (
        <span class="soft">
          {' '}
          Release {release.number} is of commit <span class="mono">{shortCommit(release.commit)}</span>
          <ImageOf commit={release.commit} tag={release.image.tags[0] ?? null} />.
        </span>
      )}
    </>
  );
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
        {plan.rollbackTo !== null && plan.rollbackTo !== plan.release && (
          <RollbackTo service={plan.service} number={plan.rollbackTo} />
        )}
      </p>
    </>
  );
}

function RollbackTo({ service, number }: { service: string; number: number }): VNode {
  const { data } = useRelease(service, number);
  return <>Now a rollback would go to {releaseWords(number, data?.image.tags[0] ?? null)}.</>;
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
