import type { Build } from '../../../model/build.js';
import type { RecordedDecision } from '../../../model/decision.js';
import { printable } from '../../../printable.js';

export interface CommitStatus {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly description: string;
  /** Path of the page that explains it, below the public address. */
  readonly path: string;
  /** The state is known, and more is to come. */
  readonly goesOn?: boolean;
}

/** Of decisions only a push's skips have a status; builds report themselves. */
export const isSkippedPush = ({ decision, trigger, head }: RecordedDecision): boolean =>
  decision === 'skip' && trigger.kind === 'push' && head !== null;

export const whyPath = (service: string, commit: string): string => `/services/${service}/why/${commit}`;

/** A skip is a success: nothing is left to do for the commit. */
export const statusOfSkip = ({ service, head, reason }: RecordedDecision): CommitStatus => ({
  state: 'success',
  description: reason.message,
  path: whyPath(service, head ?? ''),
});

export const statusOfBuild = (build: Build): CommitStatus => ({
  state: stateOf(build),
  description: build.error?.message ?? build.reason.message,
  path: `/builds/${build.id}`,
});

/**
 * `failure`: the author of the commit has to act. `error`: somebody else has to. A superseded build broke nothing, because a newer one
 * replaced it.
 */
export function stateOf(build: Pick<Build, 'status' | 'error'>): CommitStatus['state'] {
  switch (build.status) {
    case 'queued':
    case 'running':
      return 'pending';
    case 'succeeded':
    case 'superseded':
      return 'success';
    case 'failed':
      return build.error?.blame === 'dockerfile' || build.error?.blame === 'source' ? 'failure' : 'error';
    case 'canceled':
      return 'error';
  }
}

/** GitHub's limit of a description, in characters. */
const MAX_DESCRIPTION = 140;

/** One line of what GitHub takes as a description. Never cut through a character. */
export function shortened(text: string, limit = MAX_DESCRIPTION): string {
  const characters = [...printable(text.replace(/\s+/g, ' ').trim())];
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`;
}
