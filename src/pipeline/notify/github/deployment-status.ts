import type { Blame } from '../../../errors.js';
import type { DeployedRelease, Deployment } from '../../../model/deployment.js';
import type { CommitStatus } from './status.js';

/** Of deployments and rollbacks alone, which change the release, once they have one. */
export const releaseOf = ({ kind, release }: Deployment): DeployedRelease | null =>
  kind === 'deployment' || kind === 'rollback' ? release : null;

/**
 * The status of the commit that a deployment or rollback is about. `failure`: the author of the commit has to act. `error`: somebody else
 * has to.
 */
export const statusOfDeployment = (deployment: Deployment, { number }: DeployedRelease): CommitStatus => ({
  ...said(deployment, `Release ${number}`),
  path: `/deployments/${deployment.id}`,
});

/** What the author of the commit has to act on is a failure. */
const ofAuthor: readonly Blame[] = ['dockerfile', 'run-file', 'service', 'source'];

const faultOf = ({ error }: Deployment) =>
  error !== null && ofAuthor.includes(error.blame) ? ('failure' as const) : ('error' as const);

function said(deployment: Deployment, release: string): Pick<CommitStatus, 'state' | 'description'> {
  const { status, environment, error, warnings } = deployment;
  switch (status) {
    case 'pending':
      return { state: 'pending', description: `${release} waits to be deployed in ${environment}.` };
    case 'running':
      return { state: 'pending', description: `${release} is being deployed in ${environment}.` };
    case 'succeeded':
      return { state: 'success', description: `${release} was deployed in ${environment}.` };
    case 'failed':
      return { state: faultOf(deployment), description: error?.message ?? `${release} failed.` };
    case 'rolled-back':
      if (error === null)
        return { state: 'error', description: `${release} was canceled, and what ran before is back.` };
      return { state: faultOf(deployment), description: `Rolled back: ${error.message}` };
    case 'canceled':
      return { state: 'error', description: `${release} was canceled.` };
    case 'superseded': {
      const by = warnings.findLast((text) => text.startsWith('superseded by '));
      return { state: 'error', description: `${release} was ${by ?? 'superseded'}.` };
    }
  }
}
