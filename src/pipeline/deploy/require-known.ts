import { isUp } from '../../decide/decide-host.js';
import { isKnownContainer } from '../../decide/known-deployment.js';
import { SlipwayError } from '../../errors.js';
import type { HostWork } from './host-work.js';
import type { OwnedContainer } from './look-at-pair.js';

/**
 * After the restore of an older backup, nothing is changed where newer deployments run. Fails with `owned-by-other` if one of these containers
 * of the pair runs and the database does not know its deployment.
 */
export async function requireKnown(
  present: readonly OwnedContainer[],
  { host, attempt, deps }: HostWork,
): Promise<void> {
  const { deployments } = deps.store;
  const { environment, service } = attempt.deployment;
  const desired = await deployments.desired(environment, service);
  for (const one of present.filter(isUp)) {
    if (
      await isKnownContainer({ ...one, host: host.name }, desired, async (id) => (await deployments.get(id)) !== null)
    )
      continue;
    const { deployment, release } = one;
    throw new SlipwayError(
      'owned-by-other',
      `Host ${host.name}: deployment ${deployment} (release ${release}) runs there, which the database does not know. Use \`adopt-observed\` to make it desired.`,
      { extra: { host: host.name } },
    );
  }
}
