import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import { useEnvironments, useReleases } from '../../deploy/queries.js';
import { environmentsOf } from '../../deploy/sentences.js';

/** Releases among which that of the build is looked for. */
const NEWEST = 100;

/** Deploys what a build made, where its service is deployed at all. */
export function DeployBuilt({ build: { id, service } }: { build: Build }): VNode | null {
  const environments = useEnvironments();
  const { data } = useReleases(service, NEWEST);
  const made = data?.releases.find(({ buildId }) => buildId === id);
  if (made === undefined || environmentsOf(environments.data ?? [], service).length === 0) return null;
  return <DeployButton service={service} release={made.number} />;
}
