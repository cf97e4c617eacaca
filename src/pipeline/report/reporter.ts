import type { Log } from '../../log.js';
import type { Build } from '../../model/build.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Deployment } from '../../model/deployment.js';
import type { Notice, Notifier } from './notifier.js';

export interface ReportOptions {
  readonly notifiers: readonly Notifier[];
  /** `owner/name` of a service's repository. Null if the service is no longer configured. */
  readonly repositoryOf: (service: string) => string | null;
  readonly log: Log;
}

/** Passes notices to all notifiers. Nobody waits for them, and their failures affect nobody. */
export interface Reporter {
  decided(decisions: readonly RecordedDecision[]): void;
  /** A build was queued, began or ended. */
  changed(build: Build): void;
  /** A deployment waits or runs. */
  deploying(deployment: Deployment): void;
  /** A deployment has ended. */
  deployed(deployment: Deployment): void;
  /** Resolves when no notice is in progress. */
  settled(): Promise<void>;
}

export function createReporter({ notifiers, repositoryOf, log }: ReportOptions): Reporter {
  const underWay = new Set<Promise<void>>();
  const announce = (notice: Notice): void => {
    for (const notifier of notifiers) {
      const report: Promise<void> = notifier
        .notify(notice)
        .catch((err: unknown) => log.warn({ err, notifier: notifier.name }, 'could not deliver a notice'))
        .finally(() => underWay.delete(report));
      underWay.add(report);
    }
  };
  return {
    decided(decisions) {
      for (const decision of decisions) {
        const repository = repositoryOf(decision.service);
        if (repository !== null) announce({ kind: 'decided', decision, repository });
      }
    },
    changed: (build) => announce({ kind: kindOf(build), build }),
    deploying: (deployment) =>
      announce({ kind: 'deploying', deployment, repository: repositoryOf(deployment.service) }),
    deployed: (deployment) => announce({ kind: 'deployed', deployment, repository: repositoryOf(deployment.service) }),
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function kindOf({ status }: Build): 'queued' | 'started' | 'finished' {
  if (status === 'queued') return 'queued';
  return status === 'running' ? 'started' : 'finished';
}
