import type { VNode } from 'preact';
import type { Deployment } from '../../api/types.js';
import { State } from '../../parts/state.js';
import { clockTime } from '../../parts/time.js';
import { phaseOf } from './phases.js';
import { stepName } from './step-names.js';

/** How far each host is, and what it answered last. */
export function Hosts({ deployment }: { deployment: Deployment }): VNode | null {
  const { hosts, finishedAt, steps } = deployment;
  if (hosts.length === 0) return null;
  return (
    <section class="part" aria-labelledby="hosts-title">
      <h2 id="hosts-title">Hosts</h2>
      <ul class="hosts">
        {hosts.map(({ host, state, verifications }) => {
          const { state: mark, word } = phaseOf({ state }, finishedAt !== null);
          const last = verifications.at(-1);
          const now = steps.findLastIndex((step) => step.host === host && step.finishedAt === null);
          return (
            <li key={host}>
              <b>{host}</b>
              <State of={mark} word={word} />
              <span class="soft">{now >= 0 ? stepName(deployment, now) : last && <Answered answer={last} />}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

type Verification = Deployment['hosts'][number]['verifications'][number];

function Answered({ answer: { ok, answer, expected, status } }: { answer: Verification }): VNode {
  const said = answer ?? (status === null ? 'nothing' : `status ${status}`);
  return (
    <>
      answers <span class="mono">{said === '' ? '(nothing)' : said}</span>
      {!ok && (
        <>
          , expected <span class="mono">{expected}</span>
        </>
      )}
    </>
  );
}

/** What answered which version, and when. */
export function Answers({ deployment: { hosts } }: { deployment: Deployment }): VNode | null {
  const answers = hosts
    .flatMap(({ host, verifications }) => verifications.map((one) => ({ host, ...one })))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  if (answers.length === 0) return null;
  return (
    <details class="part">
      <summary>
        <h2>What answered which version</h2>
      </summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Answers">
        <table aria-label="Answers">
          <thead>
            <tr>
              {['At', 'Host', 'Answer', 'Expected', 'Asked at'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answers.map(({ at, host, via, url, status, answer, expected, ok }) => (
              <tr key={`${at} ${host} ${url}`}>
                <td class="tabular">{clockTime(at)}</td>
                <td>{host}</td>
                <td>
                  <State of={ok ? 'succeeded' : 'failed'} word={status === null ? 'no answer' : String(status)} />{' '}
                  <span class="mono">{answer}</span>
                </td>
                <td class="mono">{expected}</td>
                <td class="mono">
                  {url}
                  {via === 'balancer' && <span class="soft"> through the balancer</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
