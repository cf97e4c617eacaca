import { gateOf, hasGates, type ClosedGate } from '../../decide/gates.js';
import type { DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';
import { sentence } from './notes.js';
import { Stopped, throwIfStopped } from './stopped.js';

type Deps = Pick<DeployDeps, 'store' | 'environments' | 'announce' | 'clock'>;

/** How often it is looked whether the gates are open. */
const LOOK_MS = 1_000;

/**
 * The gate before the start: call it when everything is prepared and nothing was replaced. Throws `Stopped` (`gate`) if a gate is closed: then the
 * deployment is pending until it opens. What went on once is not stopped here again.
 */
export async function requireOpenGate(attempt: DeployAttempt, deps: Deps): Promise<void> {
  if (isOver(attempt)) return;
  const closed = await closedNow(attempt, deps);
  if (closed !== null) {
    await attempt.notes.say(waiting(closed));
    throw new Stopped('gate');
  }
  while (!(await passes(attempt, deps))) await pause(attempt, deps);
}

/**
 * The gate before the switch: resolves once the gates are open, and until then the deployment shows what it waits for. What went on once is not
 * stopped here again. Throws as the attempt's signal says: if it is canceled or superseded, if the server stops, or if the lease is lost.
 */
export async function awaitGate(attempt: DeployAttempt, deps: Deps): Promise<void> {
  if (isOver(attempt)) return;
  let said: string | null = null;
  for (;;) {
    throwIfStopped(attempt.signal);
    const closed = await closedNow(attempt, deps);
    if (closed === null && (await passes(attempt, deps))) break;
    if (closed !== null && closed.message !== said) {
      if (said === null) await showWaiting(attempt, deps);
      await attempt.notes.say(waiting(closed));
      said = closed.message;
    }
    await pause(attempt, deps);
  }
  if (said === null) return;
  await attempt.notes.say('the gates are open');
  deps.announce(attempt.deployment);
}

const isOver = ({ deployment }: DeployAttempt): boolean => deployment.gate === 'passed' || !hasGates(deployment);

const waiting = ({ message }: ClosedGate): string => `waiting: ${sentence(message)}`;

/** Settings, holds and approvals may have changed since the attempt began. */
async function closedNow({ deployment }: DeployAttempt, deps: Deps): Promise<ClosedGate | null> {
  const { store, environments, clock } = deps;
  const now = clock.now();
  const [holds, present] = [await store.holds.inForce(now), await store.deployments.get(deployment.id)];
  return gateOf(present ?? deployment, { environments: environments(), holds, now });
}

/** False: the signal says why, or is about to. */
const passes = ({ deployment: { id, claim } }: DeployAttempt, { store }: Deps): Promise<boolean> =>
  store.deployments.passGate({ id, claim });

async function showWaiting({ deployment }: DeployAttempt, { store, announce }: Deps): Promise<void> {
  const { id, claim } = deployment;
  if (!(await store.deployments.waitAtGate({ id, claim }, 'running'))) throw new Stopped('lost');
  announce(deployment);
}

async function pause({ signal }: DeployAttempt, { clock }: Deps): Promise<void> {
  throwIfStopped(signal);
  await clock.sleep(LOOK_MS, signal);
}
