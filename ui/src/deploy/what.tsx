import type { ComponentChildren, VNode } from 'preact';
import type { Environment, Release } from '../api/types.js';
import { refName, shortCommit } from '../parts/short.js';
import { State } from '../parts/state.js';
import { Ago } from '../parts/time.js';
import { blockOf, deployedIn, environmentsOf, releaseName } from './sentences.js';
import type { Ticket } from './use-ticket.js';
import type { Target } from './wish.js';

const MOST = 100;

/** What to run: what runs in another environment, by its digest, or one of the releases, the newest first. */
export function What({ ticket }: { ticket: Ticket }): VNode {
  const { service, environments, releases, named, place, limit } = ticket;
  const listed = releases.data?.releases ?? [];
  const isListed = listed.some(({ number }) => number === named.data?.number);
  const others = environmentsOf(environments.data ?? [], service).filter(
    (one) => one.name !== place?.name && deployedIn(one, service) !== null,
  );
  const here = place === null ? null : deployedIn(place, service);
  return (
    <fieldset class="what">
      <legend>What</legend>
      <div class="choices">
        {others.map((other) => (
          <Promotion key={other.name} ticket={ticket} from={other} />
        ))}
        {named.data !== undefined && !isListed && (
          <OneRelease ticket={ticket} release={named.data} isHere={here?.release === named.data.number} />
        )}
        {listed.map((release) => (
          <OneRelease
            key={release.number}
            ticket={ticket}
            release={release}
            isHere={here?.release === release.number}
          />
        ))}
        {releases.isSuccess && listed.length === 0 && (
          <p>{service} has no release yet. The next build that succeeds makes one.</p>
        )}
        {releases.error !== null && <p class="bad">{releases.error.message}</p>}
        {typeof releases.data?.nextCursor === 'string' && limit.value < MOST && (
          <button type="button" class="quiet" onClick={() => (limit.value = MOST)}>
            Older releases
          </button>
        )}
      </div>
    </fieldset>
  );
}

function Promotion({ ticket, from }: { ticket: Ticket; from: Environment }): VNode {
  const desired = deployedIn(from, ticket.service);
  return (
    <Choice ticket={ticket} target={{ from: from.name }}>
      What {from.name} has: <b class="mono">{desired?.tag ?? `release ${desired?.release ?? ''}`}</b>
      {typeof desired?.tag === 'string' && <span class="soft">release {desired.release}</span>}
    </Choice>
  );
}

function OneRelease({ ticket, release, isHere }: { ticket: Ticket; release: Release; isHere: boolean }): VNode {
  const isBlocked = ticket.place !== null && blockOf(release, ticket.place.name) !== null;
  return (
    <Choice ticket={ticket} target={{ release: release.number }}>
      <b class="mono">{releaseName(release)}</b>
      <span class="soft">
        {' '}
        {release.image.tags.length > 0 && `release ${release.number} · `}
        {refName(release.branch)} · <span class="mono">{shortCommit(release.commit)}</span> ·{' '}
        <Ago at={release.createdAt} />
      </span>
      {release.verdicts
        .filter(({ verdict }) => verdict !== 'unknown')
        .map(({ environment, verdict }) => (
          <State key={environment} of={verdict === 'verified' ? 'succeeded' : 'failed'} word={environment} />
        ))}
      {isBlocked && <span class="bad">blocked here</span>}
      {isHere && <span class="run">deployed here</span>}
    </Choice>
  );
}

interface ChoiceProps {
  readonly ticket: Ticket;
  readonly target: Target;
  readonly children: ComponentChildren;
}

function Choice({ ticket: { target: chosen, chosen: choose, force }, target, children }: ChoiceProps): VNode {
  return (
    <label class="choice">
      <input
        type="radio"
        name="what"
        checked={JSON.stringify(chosen) === JSON.stringify(target)}
        onChange={() => {
          choose.value = target;
          force.value = false;
        }}
      />
      <span class="line">{children}</span>
    </label>
  );
}
