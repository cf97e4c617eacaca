import { SlipwayError } from '../../errors.js';
import type { Deployment } from '../../model/deployment.js';
import { act } from './acts.js';
import { announce } from './ask.js';
import type { DeployTarget, RetryCall } from './contract.js';
import { deploy } from './deploy.js';
import type { DeployDeps } from './deps.js';

/** The deployment of that id. Fails with `unknown-deployment`. */
export async function knownDeployment(id: string, { store }: DeployDeps): Promise<Deployment> {
  const deployment = await store.deployments.get(id);
  if (deployment !== null) return deployment;
  throw new SlipwayError('unknown-deployment', `No deployment has the id ${JSON.stringify(id)}.`);
}

/** Ends one that has not begun at once. One that has begun goes back. Fails with `unknown-deployment` or `deployment-finished`. */
export async function cancel(id: string, by: string, deps: DeployDeps): Promise<Deployment> {
  const { service, environment } = await knownDeployment(id, deps);
  if ((await deps.store.deployments.cancel(id, deps.clock.now())) === 'already-ended')
    throw new SlipwayError('deployment-finished', `Deployment ${id} has already ended.`);
  deps.events.publish({ type: 'cancel', id });
  await announce(id, deps);
  deps.log.info({ deployment: id, service, environment, by }, 'cancel asked for');
  return knownDeployment(id, deps);
}

/** Asks for what an ended deployment was about, with today's settings. Fails with `deployment-in-progress` if it has not ended. */
export async function retry(
  id: string,
  { by, force, reference, reason }: RetryCall,
  claim: () => Promise<string>,
  deps: DeployDeps,
): Promise<Deployment> {
  const earlier = await knownDeployment(id, deps);
  if (earlier.finishedAt === null)
    throw new SlipwayError('deployment-in-progress', `Deployment ${id} has not ended yet.`);
  const { kind, service, environment, release, useKept, removes } = earlier;
  const call = { service, environment, by };
  switch (kind) {
    case 'deployment':
    case 'repair': {
      const { adopt, callbackUrl } = earlier;
      const why = { reference: reference ?? earlier.reference, reason: reason ?? earlier.reason };
      return deploy({ ...call, ...why, target: targetOf(earlier), force, adopt, callbackUrl }, claim, deps);
    }
    case 'rollback':
      return act({ ...call, act: kind, release: release?.number ?? null, useKept }, claim, deps);
    case 'adopt':
      return act({ ...call, act: kind, force }, claim, deps);
    case 'stop':
      return act({ ...call, act: removes ? 'remove' : 'stop' }, claim, deps);
    case 'restart':
    case 'start':
      return act({ ...call, act: kind }, claim, deps);
  }
}

/** Its release, or the branch if it had none yet. */
function targetOf({ release, build }: Deployment): DeployTarget {
  const nothing = { branch: null, commit: null, version: null, release: null, from: null };
  return release === null ? { ...nothing, branch: build?.branch ?? null } : { ...nothing, release: release.number };
}
