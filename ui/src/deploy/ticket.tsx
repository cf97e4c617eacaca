import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { TypedName } from '../parts/typed-name.js';
import type { Again, TicketFrame, TicketProps } from './props.js';
import { PlanShown } from './plan.js';
import { useTicket, type Ticket as TicketState } from './use-ticket.js';
import { What } from './what.js';
import './deploy.css';

/** The deploy dialog: where, what and why, and before anything runs what it would do. */
export function Ticket(props: TicketProps & TicketFrame): VNode {
  const ticket = useTicket(props);
  const typed = useSignal('');
  const { environments, place, rollback, send, typing, canBeSent } = ticket;
  const mayGoOn = canBeSent && (typing === null || typed.value.trim() === typing);
  const submit = (event: Event) => {
    event.preventDefault();
    if (mayGoOn) void send();
  };
  return (
    <form onSubmit={submit}>
      <h2 id={props.titleId}>{titleOf(props)}</h2>
      {environments.isSuccess && place === null && <Nowhere ticket={ticket} asked={props.environment} />}
      {place !== null && (
        <>
          {props.environment === undefined && <Where ticket={ticket} />}
          {props.again !== undefined ? (
            <Brings again={props.again} release={props.release} environment={place.name} />
          ) : rollback ? (
            <Kept ticket={ticket} />
          ) : (
            <What ticket={ticket} />
          )}
          <PlanShown ticket={ticket} place={place} />
          {!rollback && <WhyFields ticket={ticket} />}
          {typing !== null && <TypedName name={typing} typed={typed} />}
        </>
      )}
      <p class="bad" role="alert">
        {environments.error?.message ?? ticket.fault.value}
      </p>
      <div class="line">
        {place !== null && (
          <button class={ticket.force.value ? 'danger' : 'primary'} disabled={!mayGoOn}>
            {rollback ? 'Roll back' : 'Deploy to'} {place.name}
          </button>
        )}
        <button type="button" onClick={props.close}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function titleOf({ service, environment, rollback = false, again }: TicketProps): string {
  if (again !== undefined) return `Deploy ${service} to ${environment ?? ''} again?`;
  if (rollback) return `Roll back ${service} in ${environment ?? ''}`;
  return environment === undefined ? `Deploy ${service}` : `Deploy ${service} to ${environment}`;
}

interface BringsProps {
  readonly again: Again;
  readonly release: number | undefined;
  readonly environment: string;
}

/** What a deployment that is asked for again brings. */
function Brings({ again: { tag }, release, environment }: BringsProps): VNode {
  return (
    <p>
      A new deployment brings <b class="mono">{tag ?? `release ${release ?? ''}`}</b>
      {tag !== null && release !== undefined && <span class="soft"> release {release}</span>} to {environment}.
    </p>
  );
}

function Nowhere({ ticket: { service }, asked }: { ticket: TicketState; asked: string | undefined }): VNode {
  return (
    <p>
      {asked === undefined
        ? `There is no environment that ${service} is deployed to and that you may deploy to.`
        : `${service} is not deployed to ${asked}, or you may not deploy there.`}{' '}
      <span class="soft">
        The configuration names the environments of a service: <code>services.{service}.deploy.environments</code>.
      </span>
    </p>
  );
}

function Where({ ticket: { places, place, chosenEnvironment } }: { ticket: TicketState }): VNode {
  return (
    <label class="field">
      Environment
      <select value={place?.name} onChange={({ currentTarget }) => (chosenEnvironment.value = currentTarget.value)}>
        {places.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Kept({ ticket: { useKept } }: { ticket: TicketState }): VNode {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={useKept.value}
        onChange={({ currentTarget }) => (useKept.value = currentTarget.checked)}
      />
      Start the containers that were kept, as they are, without today’s settings
    </label>
  );
}

function WhyFields({ ticket: { reference, reason } }: { ticket: TicketState }): VNode {
  return (
    <div class="why">
      <Text label="Ticket" hint="such as OPS-1" text={reference} />
      <Text label="Reason" hint="for those who look later" text={reason} />
    </div>
  );
}

function Text({ label, hint, text }: { label: string; hint: string; text: Signal<string> }): VNode {
  return (
    <label class="field">
      {label}
      <input
        type="text"
        autocomplete="off"
        placeholder={hint}
        value={text.value}
        onInput={({ currentTarget }) => (text.value = currentTarget.value)}
      />
    </label>
  );
}
