import type { Log } from '../../log.js';
import type { Build } from '../../model/build.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Deployment } from '../../model/deployment.js';
import type { PullRequestPlan } from '../../model/pull-request.js';
import { logBuild, logDecision } from './log-line.js';
import type { Outbox } from './outbox/outbox.js';

/**
 * What acts report. Nobody waits for it, and its failures affect nobody. Ends and skips are announced by the store itself, so that none is
 * lost; here they are only logged.
 */
export interface Reporter {
  decided(decisions: readonly RecordedDecision[]): void;
  /** A build was queued, began or ended. */
  changed(build: Build): void;
  /** A deployment waits or runs. */
  deploying(deployment: Deployment): void;
  /** What a pull request would rebuild. Resolves once it is stored; fails as the store does. */
  planned(plan: PullRequestPlan): Promise<void>;
}

export function createReporter({ outbox, log }: { readonly outbox: Outbox; readonly log: Log }): Reporter {
  return {
    decided(decisions) {
      for (const decision of decisions) logDecision(log, decision);
    },
    changed(build) {
      logBuild(log, build);
      if (build.finishedAt === null) void outbox.note({ kind: 'build', build });
    },
    deploying: (deployment) => void outbox.note({ kind: 'deployment', deployment }),
    planned: (plan) => outbox.store({ kind: 'pull-request', plan }),
  };
}
