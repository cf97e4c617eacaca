import type { Deployment } from '../model/deployment.js';
import type { ApiDeps } from './deps.js';
import type { DeploymentJson } from './deployment-schema.js';
import { renderDeployment } from './render-deployment.js';

/** Deployments with what they wait for. */
export async function showDeployments(
  { waiting }: Pick<ApiDeps, 'waiting'>,
  deployments: readonly Deployment[],
): Promise<DeploymentJson[]> {
  const known = await waiting.ofDeployments(deployments);
  return deployments.map((deployment) => renderDeployment(deployment, known.get(deployment.id)));
}

/** A deployment with what it waits for. */
export async function showDeployment(
  { waiting }: Pick<ApiDeps, 'waiting'>,
  deployment: Deployment,
): Promise<DeploymentJson> {
  return renderDeployment(deployment, (await waiting.ofDeployments([deployment])).get(deployment.id));
}
