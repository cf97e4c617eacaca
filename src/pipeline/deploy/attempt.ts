import type { Environment } from '../../model/environment.js';
import type { Deployment } from '../../model/deployment.js';
import type { DeployDeps } from './deps.js';
import type { Notes } from './notes.js';
import { Stopped, throwIfStopped } from './stopped.js';

/** A call that changes a host may take this long. With less of the lease left, another worker could have the deployment before it is done. */
const CHANGE_MS = 10_000;

/** One attempt at a deployment, by this process. */
export interface DeployAttempt {
  readonly deployment: Deployment;
  readonly environment: Environment;
  readonly notes: Notes;
  /** Aborts with `Stopped`: when the server stops, when the lease is lost and, on the way there, when somebody cancels it. */
  readonly signal: AbortSignal;
}

/** Call it before each change of a host. Throws `Stopped` unless the deployment is this worker's for long enough, and may go on. */
export async function requireLease(attempt: DeployAttempt, deps: Pick<DeployDeps, 'store'>): Promise<void> {
  throwIfStopped(attempt.signal);
  await requireOwned(attempt, deps);
}

/** As `requireLease`, for a change that has to follow the one before it, even if the server stops or somebody cancels. */
export async function requireOwned({ deployment }: DeployAttempt, { store }: Pick<DeployDeps, 'store'>): Promise<void> {
  const left = await store.deployments.owned({ id: deployment.id, claim: deployment.claim });
  if (left < CHANGE_MS) throw new Stopped('lost');
}
