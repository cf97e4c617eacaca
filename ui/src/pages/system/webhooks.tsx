import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { System } from '../../api/types.js';
import { counted } from '../../parts/short.js';
import { State } from '../../parts/state.js';
import { Ago } from '../../parts/time.js';
import { isQuiet, remedyOf } from './sentences.js';

const FEW = 12;

/** Which repositories were heard of and when, those that are silent first, and what was refused. */
export function Webhooks({ webhooks: { repositories, refused } }: { webhooks: System['webhooks'] }): VNode {
  const [all, setAll] = useState(false);
  const now = Date.now();
  const sorted = [...repositories].sort((a, b) => (a.lastHeardAt ?? '').localeCompare(b.lastHeardAt ?? ''));
  const silent = repositories.filter(({ lastHeardAt }) => lastHeardAt === null).length;
  return (
    <section>
      <h2>Webhooks</h2>
      <p>{sentence(repositories.length, silent)}</p>
      {refused.length > 0 && (
        <ul class="refused" aria-label="Refused requests">
          {refused.map(({ code, at }) => (
            <li key={code} class="line">
              <span class="warn">△ {code}</span>
              <span>
                last refused <Ago at={at} />
              </span>
              <span class="soft">{remedyOf(code)}</span>
            </li>
          ))}
        </ul>
      )}
      {repositories.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Webhook</th>
              <th scope="col">Repository</th>
              <th scope="col">Last heard</th>
            </tr>
          </thead>
          <tbody>
            {(all ? sorted : sorted.slice(0, FEW)).map(({ repository, lastHeardAt }) => (
              <tr key={repository}>
                <td class="state-cell">
                  <State
                    of={isQuiet(lastHeardAt, now) ? 'note' : 'ok'}
                    word={isQuiet(lastHeardAt, now) ? 'silent' : 'heard'}
                  />
                </td>
                <td>
                  <a href={`/deliveries?repository=${encodeURIComponent(repository)}`}>{repository}</a>
                </td>
                <td>{lastHeardAt === null ? <span class="soft">never</span> : <Ago at={lastHeardAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!all && sorted.length > FEW && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {counted(sorted.length, 'repository', 'repositories')}
        </button>
      )}
    </section>
  );
}

function sentence(count: number, silent: number): string {
  if (count === 0) return 'The configuration names no repository yet.';
  if (silent === 0) return 'Every repository of a service has sent a delivery.';
  const who =
    silent === count
      ? 'No repository has sent a delivery yet'
      : `${silent} of ${counted(count, 'repository', 'repositories')} ${silent === 1 ? 'has' : 'have'} sent no delivery yet`;
  return `${who}. The sweep finds changes all the same; a webhook to /webhooks/github tells of them at once.`;
}
