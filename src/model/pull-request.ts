import type { Decision } from './decision.js';

/** What a pull request would rebuild, were it merged as it is. */
export interface PullRequestPlan {
  /** `owner/name` of the repository that it is for. */
  readonly repository: string;
  readonly number: number;
  /** The newest commit of the pull request. */
  readonly head: string;
  /** The branch that it is for. */
  readonly branch: string;
  readonly deliveryId: string;
  readonly decisions: readonly Decision[];
}

/** What a pull request would rebuild, in one sentence. */
export function planSentence(decisions: readonly Decision[]): string {
  const builds = decisions.filter(({ decision }) => decision === 'build').map(({ service }) => service);
  const total = decisions.length === 1 ? '1 service' : `${decisions.length} services`;
  if (builds.length === 0) return `Would rebuild nothing of ${total}.`;
  return `Would rebuild ${builds.length} of ${total}: ${someOf(builds)}.`;
}

/** How many names a sentence has. */
const MAX_NAMED = 3;

/** The first of the names, and how many there are besides. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).join(', ');
  return names.length > MAX_NAMED ? `${shown} and ${names.length - MAX_NAMED} more` : shown;
}
