import type { ComponentChildren, VNode } from 'preact';
import { refName, shortCommit } from './short.js';
import { stateOfDecision, whyOf, type Decided } from './decided.js';
import { State } from './state.js';
import './decision.css';

/** One decision in one line: what, of which commit, why, and where it is explained. */
export function DecisionLine({
  decision,
  name,
  children,
}: {
  decision: Decided;
  /** Whether the service is named. */
  name: boolean;
  /** When, and what led to it. */
  children?: ComponentChildren;
}): VNode {
  const { service, branch, head, buildId, reason } = decision;
  const why = whyOf(decision);
  const state = stateOfDecision(decision);
  return (
    <li class="decision">
      <State of={state} word={state === 'built' ? 'build' : true} />
      <span class="about">
        {name && <a href={`/services/${encodeURIComponent(service)}`}>{service}</a>}{' '}
        <span class="soft">{refName(branch)}</span> <span class="mono">{shortCommit(head)}</span>
      </span>
      <span class="sentence">{reason.message}</span>
      <span class="more">
        {children}
        {why !== null && (
          <a href={why} aria-label={`Why: ${service} ${shortCommit(head)}`}>
            why
          </a>
        )}
        {buildId !== null && (
          <a href={`/builds/${encodeURIComponent(buildId)}`} aria-label={`Build of ${service} ${shortCommit(head)}`}>
            build
          </a>
        )}
      </span>
    </li>
  );
}
