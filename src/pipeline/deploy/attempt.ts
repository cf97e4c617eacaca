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

/**
 * As `requireLease`. Resolves with what to call before each change that has to follow at once, even if the server stops or somebody cancels. If
 * the store is away then, the lease as it was seen now counts until there is too little of it left: nobody else has the deployment before.
 */
export async function holdLease(attempt: DeployAttempt, deps: Pick<DeployDeps, 'store' | 'clock' | 'uptime'>) {
  const { clock, uptime } = deps;
  throwIfStopped(attempt.signal);
  // Before the question, so that the time of the answer counts.
  const [steady, set] = [uptime(), clock.now()];
  const left = await leaseLeft(attempt, deps);
  // A machine that slept has a steady clock that stood still.
  const passed = (): number => Math.max(uptime() - steady, clock.now() - set);
  return async (): Promise<void> => {
    try {
      await leaseLeft(attempt, deps);
    } catch (error) {
      if (error instanceof Stopped || left - passed() < CHANGE_MS) throw error;
    }
  };
}

/** As `requireLease`, for a change that has to follow the one before it, even if the server stops or somebody cancels. */
export async function requireOwned(attempt: DeployAttempt, deps: Pick<DeployDeps, 'store'>): Promise<void> {
  await leaseLeft(attempt, deps);
}

/** Milliseconds. Throws `Stopped` if they are too few for a change. */
async function leaseLeft({ deployment }: DeployAttempt, { store }: Pick<DeployDeps, 'store'>): Promise<number> {
  const left = await store.deployments.owned({ id: deployment.id, claim: deployment.claim });
  if (left < CHANGE_MS) throw new Stopped('lost');
  return left;
}
