import type { Deployment } from '../../model/deployment.js';

export interface CommitStatus {
  readonly repository: string;
  readonly sha: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly context: string;
  readonly description: string;
  /** Path below the public address. */
  readonly path: string;
}

/**
 * The status of the commit that a deployment or rollback is about. Null for other kinds, which change no release, and as long as there is no
 * release. `failure`: the release did not do. `error`: it was not deployed, for no fault of its own.
 */
export function deploymentStatus(deployment: Deployment, repository: string | null): CommitStatus | null {
  const { id, kind, service, environment, release } = deployment;
  if (repository === null || release === null || (kind !== 'deployment' && kind !== 'rollback')) return null;
  return {
    ...{ repository, sha: release.commit, context: `slipway/${environment}/${service}` },
    ...said(deployment, `Release ${release.number}`),
    path: `/api/v1/deployments/${id}`,
  };
}

function said(
  { status, environment, error, warnings }: Deployment,
  release: string,
): Pick<CommitStatus, 'state' | 'description'> {
  switch (status) {
    case 'pending':
      return { state: 'pending', description: `${release} waits to be deployed in ${environment}.` };
    case 'running':
      return { state: 'pending', description: `${release} is being deployed in ${environment}.` };
    case 'succeeded':
      return { state: 'success', description: `${release} was deployed in ${environment}.` };
    case 'failed':
      return { state: 'failure', description: error?.message ?? `${release} failed.` };
    case 'rolled-back':
      if (error === null)
        return { state: 'error', description: `${release} was canceled, and what ran before is back.` };
      return { state: 'failure', description: `Rolled back: ${error.message}` };
    case 'canceled':
      return { state: 'error', description: `${release} was canceled.` };
    case 'superseded': {
      const by = warnings.findLast((text) => text.startsWith('superseded by '));
      return { state: 'error', description: `${release} was ${by ?? 'superseded'}.` };
    }
  }
}
