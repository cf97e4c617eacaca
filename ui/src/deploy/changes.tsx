import type { VNode } from 'preact';
import type { Plan } from '../api/types.js';
import { counted, shortCommit } from '../parts/short.js';
import { Ago } from '../parts/time.js';
import { changesOf, originText, type Change } from './sentences.js';
import './deploy.css';

/** Few enough to be shown at once. */
const FEW = 6;

/** The settings of containers that change, and where each comes from. */
export function Changes({ hosts }: Pick<Plan, 'hosts'>): VNode | null {
  const changes = changesOf(hosts);
  if (changes.length === 0) return null;
  const isFirst = hosts.every(({ action }) => action === 'create');
  return (
    <details open={changes.length <= FEW && !isFirst}>
      <summary>
        {isFirst ? counted(changes.length, 'setting') : `${counted(changes.length, 'setting')} changed`}
      </summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Settings">
        <table aria-label="Settings">
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Now</th>
              <th scope="col">Then</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <Row key={`${change.name} ${change.hosts?.join() ?? ''}`} change={change} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Row({ change: { name, from, to, origin, secret, hosts } }: { change: Change }): VNode {
  return (
    <tr>
      <td>
        <span class="mono">{name}</span>
        {hosts !== null && <span class="soft"> on {hosts.join(', ')}</span>}
      </td>
      <td class="mono">{secret ? 'secret' : (from ?? '–')}</td>
      <td class="mono">{secret ? 'secret' : (to ?? '–')}</td>
      <td class="soft">{originText(origin)}</td>
    </tr>
  );
}

/** What comes along. */
export function Commits({ commits }: Pick<Plan, 'commits'>): VNode | null {
  if (commits.length === 0) return null;
  return (
    <details open={commits.length <= FEW}>
      <summary>{counted(commits.length, 'commit')}</summary>
      <ul class="notes">
        {commits.map(({ commit, subject, at }) => (
          <li key={commit}>
            <span class="mono soft">{shortCommit(commit)}</span> {subject}{' '}
            <span class="soft">
              <Ago at={at} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
