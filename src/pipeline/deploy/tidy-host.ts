import { isUp } from '../../decide/decide-host.js';
import { asSlipwayError } from '../../errors.js';
import { requireLease, type DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';
import type { HostWork } from './host-work.js';
import { lookAtPair, type OwnedContainer } from './look-at-pair.js';
import { localImage } from './side.js';
import { throwIfStopped } from './stopped.js';

/**
 * Removes what no way back needs: our stopped containers of the service in this environment, and the local names of their images, but for the
 * newest `keep` older releases that were verified. Volumes stay. What cannot be removed now is removed after a later deployment. Fails only
 * if the attempt is stopped.
 */
export async function tidyHosts(attempt: DeployAttempt, works: readonly HostWork[], deps: DeployDeps): Promise<void> {
  const { environment, deployment, notes } = attempt;
  const verdicts = await deps.store.deployments.verdicts(deployment.service, []);
  const ofEnvironment = verdicts.get(environment.name);
  const isVerified = (release: number): boolean => ofEnvironment?.get(release)?.verdict === 'verified';
  for (const work of works) {
    try {
      await tidyHost(work, environment.keep, isVerified);
    } catch (error) {
      throwIfStopped(attempt.signal);
      await notes.say(`not tidied: ${asSlipwayError(error).message}`, work.host.name);
    }
  }
}

async function tidyHost(work: HostWork, keep: number, isVerified: (release: number) => boolean): Promise<void> {
  const { host, attempt, deps } = work;
  const present = await lookAtPair(host, attempt.deployment, deps.labels);
  for (const { id, deployment } of unneeded(present, keep, isVerified)) {
    await requireLease(attempt, deps);
    if (await host.containers.remove(id)) await host.images.remove(localImage(attempt.deployment.service, deployment));
  }
}

/** The stopped containers that nobody goes back to. Of each release that is kept, the newest container stays. */
export function unneeded(
  present: readonly OwnedContainer[],
  keep: number,
  isVerified: (release: number) => boolean,
): readonly OwnedContainer[] {
  const running = new Set(present.filter(isUp).map(({ release }) => release));
  const stopped = present.filter((one) => !isUp(one)).toSorted((a, b) => b.createdAt - a.createdAt);
  const kept = new Set<number>();
  return stopped.filter(({ release }) => {
    if (running.has(release) || kept.has(release) || kept.size >= keep || !isVerified(release)) return true;
    kept.add(release);
    return false;
  });
}
