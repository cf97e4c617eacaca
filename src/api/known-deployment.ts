import { SlipwayError } from '../errors.js';
import type { Deployment } from '../model/deployment.js';
import type { ApiDeps } from './deps.js';

/** The deployment of that id. Fails with `unknown-deployment`. */
export async function knownDeployment({ store }: Pick<ApiDeps, 'store'>, id: string): Promise<Deployment> {
  const deployment = await store.deployments.get(id);
  if (deployment !== null) return deployment;
  throw new SlipwayError('unknown-deployment', `No deployment has the id ${JSON.stringify(id)}.`);
}
