import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import { endedStatuses, type Deployment } from '../../model/deployment.js';
import type { Store } from '../../store/contract.js';

export interface TellEndsDeps {
  readonly store: { readonly deployments: Pick<Store['deployments'], 'get'> };
  readonly events: Pick<Events, 'subscribe'>;
  /** Never fails the work that it reports. */
  readonly report: { deploying(deployment: Deployment): void };
  readonly metrics: { deployment(environment: string, outcome: Deployment['status']): void };
  readonly log: Log;
}

/** Reports every deployment that waits or runs, and logs its end, whatever the cause, until the returned function is called. */
export function tellEnds({ store, events, report, metrics, log }: TellEndsDeps): () => void {
  /** What was said last of those that have not ended: most of their changes change nothing of that. */
  const last = new Map<string, string>();
  const tell = async (id: string, ends: boolean): Promise<void> => {
    const deployment = await store.deployments.get(id);
    // An end is reported by its own event.
    if (deployment === null || isEnded(deployment) !== ends) return;
    if (ends) {
      last.delete(id);
      tellEnd(deployment);
      return;
    }
    const now = `${deployment.status} ${deployment.release?.number ?? 'none'}`;
    if (last.get(id) === now) return;
    last.set(id, now);
    report.deploying(deployment);
  };
  const tellEnd = (deployment: Deployment): void => {
    const { id, kind, service, environment, status, release, error } = deployment;
    const about = { deployment: id, kind, service, environment, status, release: release?.number };
    if (error === null) log.info(about, 'deployment ended');
    else log.warn({ ...about, code: error.code, host: error.host }, `deployment ended: ${error.message}`);
    metrics.deployment(environment, status);
  };
  return events.subscribe((event) => {
    if (event.type !== 'deployment') return;
    tell(event.id, isEnded(event)).catch((err: unknown) =>
      log.warn({ err, deployment: event.id }, 'could not report a deployment'),
    );
  });
}

const isEnded = ({ status }: Pick<Deployment, 'status'>): boolean => endedStatuses.some((ended) => ended === status);
