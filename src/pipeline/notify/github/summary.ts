import { planSentence, someOf, type PullRequestPlan } from '../../../model/pull-request.js';
import type { Standing, StandingState } from './standing.js';
import type { CommitStatus } from './status.js';

/** In the order of what matters. Of the first ones some services are named. */
const words: readonly { readonly state: StandingState; readonly word: string; readonly named: boolean }[] = [
  { state: 'failed', word: 'failed', named: true },
  { state: 'canceled', word: 'canceled', named: true },
  { state: 'running', word: 'building', named: false },
  { state: 'queued', word: 'waiting', named: false },
  { state: 'built', word: 'built', named: false },
  { state: 'reused', word: 'reused', named: false },
  { state: 'superseded', word: 'overtaken', named: false },
  { state: 'nothing to build', word: 'nothing to build', named: false },
];

/** One status for all services at a commit; there is at least one. A failure shows as soon as it is known. */
export function summaryOf(repository: string, commit: string, standings: readonly Standing[]): CommitStatus {
  const [only, ...others] = standings;
  if (only !== undefined && others.length === 0)
    return { state: only.status, description: `${only.service}: ${only.sentence}`, path: only.path };
  const parts = words.flatMap(({ state, word, named }) => {
    const its = standings.filter((standing) => standing.state === state).map(({ service }) => service);
    return its.length === 0 ? [] : [`${its.length} ${word}${named ? ` (${someOf(its)})` : ''}`];
  });
  const failed = standings.filter(({ status }) => status === 'failure' || status === 'error');
  const path = failed.length === 1 ? (failed[0]?.path ?? '') : deliveriesPath(repository, commit);
  const goesOn = standings.some(({ status }) => status === 'pending');
  return { state: worstOf(standings), description: parts.join(', '), path, goesOn };
}

/** The deliveries of a commit: where each service's decision can be opened. */
export const deliveriesPath = (repository: string, commit: string): string =>
  `/deliveries?${String(new URLSearchParams({ repository, commit }))}`;

function worstOf(standings: readonly Standing[]): CommitStatus['state'] {
  const order: readonly CommitStatus['state'][] = ['failure', 'error', 'pending'];
  return order.find((state) => standings.some(({ status }) => status === state)) ?? 'success';
}

/** The status of the commit of a pull request. It blocks nothing: what it would rebuild is no fault. */
export function statusOfPlan({ repository, head, decisions }: PullRequestPlan): CommitStatus {
  const path = deliveriesPath(repository, head);
  return { state: 'success', description: planSentence(decisions), path };
}
