import type { VNode } from 'preact';
import { driftSentence, isDrifted } from '../../environments/cell.js';
import { Away, HoldWords } from '../../environments/gates.js';
import type { Matrix } from '../../environments/types.js';
import { State } from '../../parts/state.js';

/** Drifted services that are named; the cells show all. */
const MAX_NAMED = 5;

/** What somebody has to know before the table: holds, drift, hosts that are away, and what the configuration left behind. */
export function Alerts({ matrix: { environments, services, orphaned } }: { matrix: Matrix }): VNode | null {
  const holds = environments.filter(({ hold }) => hold !== null);
  const drifted = services.flatMap(({ service, cells }) =>
    cells.filter(isDrifted).map((cell) => ({ service, environment: cell.environment, words: driftSentence(cell) })),
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
      {drifted.slice(0, MAX_NAMED).map(({ service, environment, words }) => (
        <li key={`${service} ${environment}`}>
          <State of="other" />{' '}
          <a href={`/environments?cell=${encodeURIComponent(`${service}@${environment}`)}`}>
            {service} in {environment}
          </a>
          : {words}
        </li>
      ))}
      {drifted.length > MAX_NAMED && (
        <li>
          <a href="/environments?show=drifted">and {drifted.length - MAX_NAMED} more</a>
        </li>
      )}
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
