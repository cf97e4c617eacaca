import { SlipwayError } from '../../errors.js';
import type { Deployment } from '../../model/deployment.js';
import type { Hold } from '../../model/hold.js';
import { environmentOf } from '../../pipeline/deploy/place.js';
import { knownDeployment } from './again.js';
import { announce } from './ask.js';
import type { DeployDeps } from './deps.js';

/**
 * Notes that a token wants a deployment to go on. Before the release is known nobody can approve of it, and nothing is noted. Fails with
 * `unknown-deployment`, `deployment-finished` or `approval-by-requester`.
 */
export async function approve(id: string, by: string, deps: DeployDeps): Promise<Deployment> {
  const { requester, finishedAt, service, environment } = await knownDeployment(id, deps);
  const finished = new SlipwayError('deployment-finished', `Deployment ${id} has already ended.`);
  if (finishedAt !== null) throw finished;
  if (requester.by === by)
    throw new SlipwayError('approval-by-requester', `${by} asked for it, so another token has to approve.`);
  const approved = await deps.store.deployments.approve(id, by, deps.clock.now());
  if (approved === 'already-ended') throw finished;
  await announce(id, deps);
  deps.log.info({ deployment: id, service, environment, by, counts: approved === 'approved' }, 'deployment approved');
  return knownDeployment(id, deps);
}

/** Holds back deployments to an environment. Fails with `unknown-environment`, and `invalid-request` for a time that is over. */
export async function hold(asked: Hold, deps: DeployDeps): Promise<Hold> {
  const { environment, by, reason, until } = asked;
  environmentOf(environment, deps);
  if (until !== null && until <= deps.clock.now())
    throw new SlipwayError('invalid-request', '`until` has to be in the future.');
  await deps.store.holds.put(asked);
  deps.events.publish({ type: 'hold', environment });
  deps.log.info({ environment, by, reason, until }, 'environment held');
  return asked;
}

/** Ends the hold of an environment, if there is one. Fails with `unknown-environment`. */
export async function liftHold(environment: string, by: string, deps: DeployDeps): Promise<void> {
  environmentOf(environment, deps);
  if (!(await deps.store.holds.remove(environment))) return;
  deps.events.publish({ type: 'hold', environment });
  deps.log.info({ environment, by }, 'hold lifted');
}
