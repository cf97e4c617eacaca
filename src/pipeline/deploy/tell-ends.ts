import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import { endedStatuses, type Deployment } from '../../model/deployment.js';
import type { Store } from '../../store/contract.js';

export interface TellEndsDeps {
  readonly store: { readonly deployments: Pick<Store['deployments'], 'get'> };
  readonly events: Pick<Events, 'subscribe'>;
  /** Never fails the work that it reports. */
  readonly report: { deployed(deployment: Deployment): void };
  readonly metrics: { deployment(kind: Deployment['kind'], status: Deployment['status']): void };
  readonly log: Log;
}

/** Reports every deployment that ends, whatever ended it, until the returned function is called. */
export function tellEnds({ store, events, report, metrics, log }: TellEndsDeps): () => void {
  const tell = async (id: string): Promise<void> => {
    const deployment = await store.deployments.get(id);
    if (deployment === null || !isEnded(deployment)) return;
    const { kind, service, environment, status, release, error } = deployment;
    const about = { deployment: id, kind, service, environment, status, release: release?.number };
    if (error === null) log.info(about, 'deployment ended');
    else log.warn({ ...about, code: error.code, host: error.host }, `deployment ended: ${error.message}`);
    metrics.deployment(kind, status);
    report.deployed(deployment);
  };
  return events.subscribe((event) => {
    if (event.type !== 'deployment' || !isEnded(event)) return;
    tell(event.id).catch((err: unknown) => log.warn({ err, deployment: event.id }, 'could not report a deployment'));
  });
}

const isEnded = ({ status }: Pick<Deployment, 'status'>): boolean => endedStatuses.some((ended) => ended === status);
