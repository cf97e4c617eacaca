import type { WebhookFault } from '../../model/delivery.js';
import type { Look } from '../../model/look.js';
import type { PullRequestPlan } from '../../model/pull-request.js';
import type { QueueDeps } from '../../queue/deps.js';
import type { SetAside } from '../../store/contract.js';
import type { DriftMemory } from './drift-memory.js';
import type { Pace } from './pace.js';
import type { CentralRepository } from './roles.js';

export interface LookDeps extends QueueDeps {
  /** The repository of the central dockerfiles. Null for a local folder. */
  readonly centralDockerfiles: () => CentralRepository | null;
  /** Why a webhook request was refused since the last sweep, or null. */
  readonly refusals: { sinceSweep(): Promise<string | null> };
  readonly metrics: QueueDeps['metrics'] & {
    sweepRecovered(fault: WebhookFault): void;
    setAside(kind: SetAside['kind']): void;
  };
  /** Stands around the processing of each look. Default: nothing does. */
  readonly aroundLook?: (look: Look, work: () => Promise<void>) => Promise<void>;
  readonly report: QueueDeps['report'] & {
    /** What a pull request would rebuild. Resolves once it is stored; fails as the store does. */
    planned(plan: PullRequestPlan): Promise<void>;
  };
  readonly drift: DriftMemory;
  readonly pace: Pace;
}
