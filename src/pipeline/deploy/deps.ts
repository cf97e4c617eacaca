import type { Clock } from '../../clock.js';
import type { Balancers } from '../../balancer/contract.js';
import type { Labels } from '../../container-labels.js';
import type { Hosts, PullCredentials } from '../../hosts/contract.js';
import type { Log } from '../../log.js';
import type { Deployment } from '../../model/deployment.js';
import type { Environment } from '../../model/environment.js';
import type { Service } from '../../model/service.js';
import type { SharedLock } from '../../shared-lock.js';
import type { Registry } from '../../registry/contract.js';
import type { Store } from '../../store/contract.js';
import type { AnswersAt } from './answers-at.js';
import type { AskHttp } from './ask-http.js';

/** What every part of a deployment works with. */
export interface DeployDeps {
  readonly store: Pick<Store, 'deployments' | 'holds' | 'releases' | 'builds' | 'tags' | 'formerNames'>;
  readonly hosts: Pick<Hosts, 'find'>;
  readonly balancers: Pick<Balancers, 'find'>;
  readonly labels: Labels;
  readonly registry: Pick<Registry, 'manifest'>;
  readonly environments: () => ReadonlyMap<string, Environment>;
  readonly services: () => ReadonlyMap<string, Service>;
  /** What hosts sign in with at the registry. */
  readonly pullCredentials: () => PullCredentials | null;
  readonly askHttp: AskHttp;
  readonly answersAt: AnswersAt;
  /** Called after each change of a deployment. */
  readonly announce: (deployment: Pick<Deployment, 'id' | 'service' | 'environment' | 'status'>) => void;
  /** What must not be interrupted by a change of services' names runs `together`. */
  readonly names: Pick<SharedLock, 'together'>;
  readonly clock: Clock;
  /** Milliseconds by a clock that nobody sets. */
  readonly uptime: () => number;
  readonly log: Log;
}
