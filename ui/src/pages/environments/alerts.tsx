import type { VNode } from 'preact';
import { driftWords } from '../../environments/cell.js';
import { Away, HoldWords } from '../../environments/gates.js';
import type { Matrix } from '../../environments/types.js';
import { State } from '../../parts/state.js';
import { Ago } from '../../parts/time.js';

/** Drifted hosts that are named; the cells show all. */
const MAX_NAMED = 8;

/** What somebody has to know before the table: holds, drift, hosts that are away, and what the configuration left behind. */
export function Alerts({ matrix: { environments, services, orphaned } }: { matrix: Matrix }): VNode | null {
  const holds = environments.filter(({ hold }) => hold !== null);
  const drifted = services.flatMap(({ service, cells }) =>
    cells.flatMap(({ environment, hosts, desired }) =>
      hosts
        .filter(({ drift }) => drift.length > 0)
        .map((host) => ({ service, environment, host, words: driftWords(host, desired) })),
    ),
  );
  const away = environments.flatMap(({ name, hosts }) =>
    hosts.filter(({ reachable }) => reachable === false).map((host) => ({ environment: name, host })),
  );
  if (holds.length + drifted.length + away.length + orphaned.length === 0) return null;
  return (
    <ul class="alerts" aria-label="What to know">
      {holds.map(({ name, hold }) => (
        <li key={name} class="bar">
          <a href={`/environments/${name}`}>{name}</a> is {hold !== null && <HoldWords hold={hold} />}
        </li>
      ))}
      {drifted.slice(0, MAX_NAMED).map(({ service, environment, host, words }) => (
        <li key={`${service} ${environment} ${host.host}`}>
          <State of="other" />{' '}
          <a href={`/environments?cell=${encodeURIComponent(`${service}@${environment}`)}`}>
            {service} in {environment}
          </a>
          : {words}
          {host.startedAt !== null && (
            <>
              , started <Ago at={host.startedAt} /> ago
            </>
          )}
        </li>
      ))}
      {drifted.length > MAX_NAMED && <li class="soft">and {drifted.length - MAX_NAMED} more: see “drifted”</li>}
      {away.map(({ environment, host }) => (
        <li key={`${environment} ${host.name}`}>
          <State of="unknown" /> host {host.name} of <a href={`/environments/${environment}`}>{environment}</a>:{' '}
          <Away since={host.since} />
        </li>
      ))}
      {orphaned.map(({ environment, services: names }) => (
        <li key={environment}>
          <State of="changes" word="left behind" /> {environment} has left the configuration, and {names.join(', ')}{' '}
          stayed there.
        </li>
      ))}
    </ul>
  );
}
