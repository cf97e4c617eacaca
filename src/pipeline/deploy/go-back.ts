import { asSlipwayError } from '../../errors.js';
import type { Desired } from '../../model/deployment.js';
import { requireOwned, type DeployAttempt } from './attempt.js';
import type { Course } from './converge.js';
import type { DeployDeps } from './deps.js';
import { expectedVersion } from './expected-version.js';
import { hostsOf } from './go-forward.js';
import type { HostWork, Target } from './host-work.js';
import { lookAtPair } from './look-at-pair.js';
import { giveBack } from './make-room.js';
import { maskOf, type Mask } from './mask.js';
import { persist, whileReached } from './persist.js';
import { reachHosts } from './reach-hosts.js';
import { replacesRelease } from './replaces-release.js';
import { localImage } from './side.js';
import { Stopped, throwIfStopped } from './stopped.js';
import { versionNames } from './version-names.js';

export interface WentBack {
  /** Something had been replaced, and what ran before runs again. */
  readonly restored: boolean;
  /** Hosts that could not be reached: they are brought back when they are there again. */
  readonly behind: readonly string[];
}

/**
 * Brings every host back to what is desired: the containers that were stopped are started again, or made again if somebody removed them.
 * Without anything desired the new ones are stopped and kept with their logs. What never ran is removed. Fails as the store does.
 */
export async function goBack(attempt: DeployAttempt, mask: Mask, deps: DeployDeps): Promise<WentBack> {
  const { deployment, notes } = attempt;
  const desired = await deps.store.deployments.desired(deployment.environment, deployment.service);
  const former = await formerTarget(desired, deps);
  const masks = former === null ? mask : joined(mask, maskOf(former.specification, []));
  const behind: string[] = [];
  let restored = false;
  const reached = await reachHosts(hostsOf(attempt), attempt, masks, deps).catch((error: unknown) => {
    throwUnlessHost(error, attempt);
    return { works: [], leftOut: hostsOf(attempt).map(({ name }) => name) };
  });
  behind.push(...reached.leftOut);
  // Without anything to go back to, what else runs there was not touched.
  const own = former === null ? { ofDeployment: deployment.id } : {};
  const course: Course = { pair: deployment, target: former, mayReplace: true, lenient: true, ...own };
  for (const work of [...reached.works].reverse()) {
    const { name } = work.host;
    try {
      const ran = await whileReached(work, () => hasRun(work, deployment.id));
      const replaced = (await persist(course, work)) || ran;
      await whileReached(work, () => giveBack(work));
      await whileReached(work, () => removeUnused(work, deployment.id, former));
      restored ||= replaced && former !== null && replacesRelease(deployment);
      if (replaced) await notes.phase(name, 'undone');
    } catch (error) {
      throwUnlessHost(error, attempt);
      behind.push(name);
      await notes.phase(name, 'failed');
      await notes.caution(`It could not be brought back: ${asSlipwayError(error).message}`);
    }
  }
  return { restored, behind };
}

const joined =
  (one: Mask, other: Mask): Mask =>
  (text) =>
    other(one(text));

/** Null: nothing ran, or nothing should. */
async function formerTarget(desired: Desired | null, deps: DeployDeps): Promise<Target | null> {
  if (desired?.wanted !== 'running') return null;
  const { environment, service, deploymentId, release, specification } = desired;
  const names = await versionNames(service, release, deps);
  const expected = expectedVersion(specification.verify?.expect, names);
  return { environment, service, deploymentId, release: release.number, specification, expected };
}

/** Whether a container of the deployment was ever started there. */
async function hasRun({ host, attempt, deps }: HostWork, deploymentId: string): Promise<boolean> {
  const present = await lookAtPair(host, attempt.deployment, deps.labels);
  return present.some(({ deployment, observed }) => deployment === deploymentId && observed.state.startedAt !== null);
}

/** What is no fault of a host is for the next attempt. */
function throwUnlessHost(error: unknown, { signal }: DeployAttempt): void {
  throwIfStopped(signal);
  if (error instanceof Stopped || asSlipwayError(error).code === 'store-unavailable') throw error;
}

/** A container that was never started has no log, and nothing to tell. */
async function removeUnused(work: HostWork, deploymentId: string, former: Target | null): Promise<void> {
  const { host, attempt, deps } = work;
  if (former?.deploymentId === deploymentId) return;
  let used = false;
  for (const { id, deployment, observed } of await lookAtPair(host, attempt.deployment, deps.labels)) {
    if (deployment !== deploymentId) continue;
    const isUnused = observed.state.status === 'created' && observed.state.startedAt === null;
    if (isUnused) await requireOwned(attempt, deps);
    used ||= !isUnused || !(await host.containers.remove(id));
  }
  // Without its local name, a clean-up takes the image.
  const image = localImage(attempt.deployment.service, deploymentId);
  if (!used && (await host.images.find(image)) !== null) await host.images.remove(image);
}
