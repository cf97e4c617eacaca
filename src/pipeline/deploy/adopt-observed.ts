import { isUp } from '../../decide/decide-host.js';
import { SlipwayError } from '../../errors.js';
import type { DeploymentEnd } from '../../store/contract.js';
import type { HostWork, Target } from './host-work.js';
import { lookAtPair } from './look-at-pair.js';
import type { Reached } from './reach-hosts.js';

/**
 * Makes what runs desired, and changes nothing on the hosts: how its containers differ from the settings of today shows as drift. Fails with
 * `no-release` if a host does not run the release.
 */
export async function adoptObserved(target: Target, { works, leftOut }: Reached): Promise<DeploymentEnd> {
  for (const work of works) await requireRunning(target, work);
  return { status: 'succeeded', desired: { wanted: 'running', behind: leftOut }, verified: false };
}

async function requireRunning(target: Target, { host, attempt, deps }: HostWork): Promise<void> {
  const present = await lookAtPair(host, target, deps.labels);
  if (!present.some((one) => isUp(one) && one.release === target.release))
    throw new SlipwayError('no-release', `Host ${host.name}: release ${target.release} does not run there any more.`, {
      extra: { host: host.name },
    });
  await attempt.notes.phase(host.name, 'done');
}
