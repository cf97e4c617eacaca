import type { VNode } from 'preact';
import { State, type StateName } from '../parts/state.js';
import { Ago } from '../parts/time.js';
import { balancerWords } from './balancer.js';
import { releaseName } from './tag.js';
import type { ServiceOnHost, ServiceThere } from './types.js';
import '../parts/cards.css';

/** The state of a service on a host in the vocabulary of all pages. */
export function stateOnHost({ state, drift, health }: ServiceOnHost): StateName {
  if (state === 'unknown') return 'unknown';
  if (drift.length > 0 || health === 'unhealthy') return 'other';
  return state === 'running' ? 'in-step' : state === 'missing' ? 'not-there' : 'stopped';
}

/** What is known of a service on each host. */
export function HostsOfService({ there, label }: { there: ServiceThere; label: string }): VNode {
  const isBalanced = there.hosts.some(({ balancer }) => balancer !== null);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Host</th>
            <th scope="col">Container</th>
            <th scope="col">Runs</th>
            <th scope="col">Health</th>
            {isBalanced && <th scope="col">Balancer</th>}
            <th scope="col">Started</th>
            <th scope="col">Restarts</th>
          </tr>
        </thead>
        <tbody>
          {there.hosts.map((one) => (
            <HostRow key={one.host} one={one} isBalanced={isBalanced} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HostRow({ one, isBalanced }: { one: ServiceOnHost; isBalanced: boolean }): VNode {
  const { lastExit } = one;
  return (
    <tr>
      <th scope="row">
        <b>{one.host}</b>
      </th>
      <td>
        <State of={stateOnHost(one)} word={one.state} />
        <Drift of={one.drift} />
      </td>
      <td title={one.digest ?? undefined} data-label="Runs">
        {one.release === null ? (
          '–'
        ) : (
          <>
            <span class="mono">{releaseName(one.release, one.tag)}</span>
            {one.tag !== null && <span class="soft"> release {one.release}</span>}
          </>
        )}
      </td>
      <td class={one.health === 'unhealthy' ? 'bad' : undefined} data-label="Health">
        {one.health ?? '–'}
      </td>
      {isBalanced && <td data-label="Balancer">{one.balancer === null ? '–' : balancerWords(one.balancer)}</td>}
      <td data-label="Started">{one.startedAt === null ? '–' : <Ago at={one.startedAt} />}</td>
      <td class="tabular" data-label="Restarts">
        {one.restarts}
        {lastExit !== null && (
          <span class="soft">
            {' '}
            last exit {lastExit.code}
            {lastExit.oom && ', out of memory'}, <Ago at={lastExit.at} />
          </span>
        )}
      </td>
    </tr>
  );
}

/** Each field that is not as wanted. */
function Drift({ of }: { of: ServiceOnHost['drift'] }): VNode | null {
  if (of.length === 0) return null;
  return (
    <ul class="drift">
      {of.map(({ field, wanted, found }) => (
        <li key={field}>
          {field === 'does-not-stay-up' ? (
            'does not stay up: repairs did not help'
          ) : (
            <>
              {field}: <span class="mono">{found ?? 'not set'}</span>
              {wanted !== null && (
                <span class="soft">
                  {' '}
                  wanted <span class="mono">{wanted}</span>
                </span>
              )}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
