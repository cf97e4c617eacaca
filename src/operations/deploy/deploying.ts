import { createTurns } from '../../turns.js';
import type { Deployment } from '../../model/deployment.js';
import { claimKey, earlierAnswer, keyOf, type KeyedCall } from '../idempotency.js';
import { act } from './acts.js';
import { cancel, retry } from './again.js';
import type { ActCall, DeployCall, Deploying, RetryCall } from './contract.js';
import { deploy } from './deploy.js';
import { freeDeploymentId } from '../../pipeline/deploy/deployment-id.js';
import type { DeployDeps } from './deps.js';
import { approve, hold, liftHold } from './gates.js';
import { plan } from './plan.js';
import { planRollback } from './rollback.js';

/** What people and Jenkins may ask of deployments. */
export function createDeploying(deps: DeployDeps): Deploying {
  const inTurn = createTurns();
  const { store, random } = deps;
  const newId = () => freeDeploymentId(random, async (id) => (await store.deployments.get(id)) !== null);
  /** `start` takes the new deployment's id, which is chosen once nothing can be refused any more. */
  const once = (call: KeyedCall, start: (claim: () => Promise<string>) => Promise<Deployment>): Promise<Deployment> =>
    inTurn(keyOf(call), async () => {
      const known = await earlierAnswer(call, store);
      const earlier = known === null ? null : await store.deployments.get(known);
      return earlier ?? start(async () => claimKey(call, await newId(), store));
    });
  return {
    deploy: (call, key) => once(keyedDeploy(call, key), (claim) => deploy(call, claim, deps)),
    plan: (call) => plan(call, deps),
    planRollback: (call) => planRollback(call, deps),
    act: (call, key) => once(keyedAct(call, key), (claim) => act(call, claim, deps)),
    cancel: (id, by) => cancel(id, by, deps),
    approve: (id, by) => approve(id, by, deps),
    hold: (asked) => hold(asked, deps),
    liftHold: (environment, by) => liftHold(environment, by, deps),
    retry: (id, call, key) => once(keyedRetry(id, call, key), (claim) => retry(id, call, claim, deps)),
  };
}

function keyedRetry(id: string, { by, force, reference, reason }: RetryCall, key: string | null): KeyedCall {
  const why = { ...(reference !== null && { reference }), ...(reason !== null && { reason }) };
  return { by, name: `retry deployment ${id}`, key, request: { force, ...why } };
}

function keyedDeploy({ by, service, environment, target, ...rest }: DeployCall, key: string | null): KeyedCall {
  const { adopt, ...wishes } = rest;
  const { release, ...named } = target;
  const number = release === null ? null : String(release);
  return {
    ...{ by, name: 'deploy', key },
    request: { service, environment, ...named, release: number, ...wishes, adopt: JSON.stringify(adopt) },
  };
}

function keyedAct(call: ActCall, key: string | null): KeyedCall {
  const { by, service, environment, act: what } = call;
  const request = {
    ...(call.act === 'rollback' && { release: String(call.release), useKept: call.useKept }),
    ...(call.act === 'adopt' && { force: call.force }),
  };
  return { by, name: `${what} ${service} in ${environment}`, key, request };
}
