import { isUp } from '../../decide/decide-host.js';
import { releaseOn } from '../../decide/release-on.js';
import { asSlipwayError } from '../../errors.js';
import { createSpecOn } from '../../specification/spec-text.js';
import { requireLease } from './attempt.js';
import type { HostWork } from './host-work.js';
import { lookAtPair, type OwnedContainer } from './look-at-pair.js';
import { isLocalImage, localImage } from './side.js';
import { throwIfStopped } from './stopped.js';

/**
 * Removes what no way back needs from a host: our stopped containers of the service in this environment, and the local names of their images,
 * but for the newest `keep` older releases that were verified. Volumes stay. What cannot be removed now is removed after a later deployment.
 * Fails only if the attempt is stopped.
 */
export async function tidyHost(work: HostWork): Promise<void> {
  const { host, attempt, deps } = work;
  const { environment, deployment } = attempt;
  try {
    const desired = await deps.store.deployments.desired(environment.name, deployment.service);
    const specOn = createSpecOn(deps.labels);
    const present = (await lookAtPair(host, deployment, deps.labels)).map((one) => ({
      ...one,
      release: releaseOn(host.name, one, desired, specOn),
    }));
    const releases = [...new Set(present.map(({ release }) => release))];
    const verdicts = (await deps.store.deployments.verdicts(deployment.service, releases)).get(environment.name);
    // Somebody rolled back from a blocked one. What is desired may have been adopted, and is not verified then.
    const isKept = (release: number): boolean => {
      const known = verdicts?.get(release);
      return release === desired?.release.number || (known?.verdict === 'verified' && !known.blocked);
    };
    for (const one of unneeded(present, environment.keep, isKept)) await remove(one, work);
  } catch (error) {
    throwIfStopped(attempt.signal);
    await attempt.notes.say(`not tidied: ${asSlipwayError(error).message}`, host.name);
  }
}

async function remove({ id, deployment, observed }: OwnedContainer, { host, attempt, deps }: HostWork): Promise<void> {
  await requireLease(attempt, deps);
  const usual = localImage(attempt.deployment.service, deployment);
  // Its service may have had another name.
  const image = isLocalImage(observed.image) ? observed.image : usual;
  if (await host.containers.remove(id)) await host.images.remove(image);
}

/** The stopped containers that nobody goes back to. Of each release that is kept, the newest container stays. */
export function unneeded(
  present: readonly OwnedContainer[],
  keep: number,
  isKept: (release: number) => boolean,
): readonly OwnedContainer[] {
  const running = new Set(present.filter(isUp).map(({ release }) => release));
  const stopped = present.filter((one) => !isUp(one)).toSorted((a, b) => b.createdAt - a.createdAt);
  const kept = new Set<number>();
  return stopped.filter(({ release }) => {
    if (running.has(release) || kept.has(release) || kept.size >= keep || !isKept(release)) return true;
    kept.add(release);
    return false;
  });
}
