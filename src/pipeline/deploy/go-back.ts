import { asSlipwayError } from '../../errors.js';
import type { Deployment, Desired } from '../../model/deployment.js';
import { requireOwned, type DeployAttempt } from './attempt.js';
import type { Course } from './converge.js';
import type { DeployDeps } from './deps.js';
import { drainedFor } from './drained-for.js';
import { expectedVersion } from './expected-version.js';
import { hostsOf } from './go-forward.js';
import type { HostWork, Target } from './host-work.js';
import { lookAtPair } from './look-at-pair.js';
import { giveBack } from './make-room.js';
import type { Mask } from '../../mask.js';
import { maskOf } from './mask.js';
import { sentence } from './notes.js';
import { persist, whileReached } from './persist.js';
import { reachHosts } from './reach-hosts.js';
import { switchesOver } from './preflight-balancer.js';
import { replacesRelease } from './replaces-release.js';
import { requireKnown } from './require-known.js';
import { localImage, wantedOn } from './side.js';
import { Stopped, throwIfStopped } from './stopped.js';
import { switchBack } from './switch-back.js';
import { variablesIn } from './variables-in.js';
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
export async function goBack(
  attempt: DeployAttempt,
  target: Target | null,
  mask: Mask,
  deps: DeployDeps,
): Promise<WentBack> {
  const { deployment, notes } = attempt;
  const desired = await deps.store.deployments.desired(deployment.environment, deployment.service);
  const former = await formerTarget(desired, deps);
  const masks = former === null ? mask : joined(mask, maskOf(former.specification, variablesIn(attempt, deps)));
  const behind: string[] = [];
  let restored = false;
  const { touched } = notes;
  const over = switchesOver(attempt);
  const hosts = hostsOf(attempt).filter(({ name }) => over || touched.has(name));
  if (touched.size > 0) await notes.say(wayBack(former));
  const reached = await reachHosts(hosts, attempt, masks, deps).catch(async (error: unknown) => {
    throwUnlessHost(error, attempt);
    await notes.caution(`${sentence(asSlipwayError(error).message)} It is brought back when it can be reached again.`);
    return { works: [], leftOut: hosts.map(({ name }) => name) };
  });
  behind.push(...reached.leftOut);
  if (over) await switchBack({ attempt, former, reached }, deps);
  const stated = new Map(deployment.hosts.map(({ host, state }) => [host, state]));
  for (const work of [...reached.works].reverse()) {
    const { name } = work.host;
    const back = formerOn(name, former);
    try {
      const ran = await whileReached(work, () => hasRun(work, deployment.id));
      await whileReached(work, async () => requireKnown(await lookAtPair(work.host, deployment, deps.labels), work));
      const course = courseOf(deployment, back, target, work);
      let replaced = ran;
      await drainedFor(work, course, async () => {
        replaced = (await persist(course, work)) || ran;
      });
      await whileReached(work, () => giveBack(work));
      const began = replaced || (stated.get(name) ?? 'done') !== 'done';
      restored ||= began && back !== null && replacesRelease(deployment) && (!over || notes.activeBefore !== null);
      if (began) await notes.phase(name, 'undone');
    } catch (error) {
      throwUnlessHost(error, attempt);
      behind.push(name);
      await notes.phase(name, 'failed');
      await notes.caution(`It could not be brought back: ${asSlipwayError(error).message}`);
    }
  }
  // A host that could not be used before may take over now.
  if (over) await switchBack({ attempt, former, reached }, deps);
  for (const settings of hostsOf(attempt)) await removeUnused(settings.name, attempt, former, deps);
  return { restored, behind };
}

const wayBack = (former: Target | null): string =>
  former === null ? 'going back: nothing ran before' : `going back to release ${former.release}`;

/** What ran on a host. One that has come to the environment since had nothing. */
const formerOn = (host: string, former: Target | null): Target | null =>
  former !== null && Object.hasOwn(former.specification.publish, host) ? former : null;

/** Without anything to go back to, only what this deployment wanted is stopped: what else runs there was not touched. */
function courseOf(
  deployment: Deployment,
  former: Target | null,
  target: Target | null,
  { host, deps }: HostWork,
): Course {
  const course: Course = { pair: deployment, target: former, mayReplace: true, lenient: true };
  if (former !== null) return course;
  const spec = target === null ? null : wantedOn(host.name, target, deps.labels).spec;
  return { ...course, only: (one) => one.deployment === deployment.id || one.spec === spec };
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
  const { code } = asSlipwayError(error);
  if (error instanceof Stopped || code === 'store-unavailable' || code === 'balancer-unavailable') throw error;
}

/** A container that was never started has no log, and nothing to tell. Nobody waits for a host that is away. */
async function removeUnused(
  name: string,
  attempt: DeployAttempt,
  former: Target | null,
  deps: DeployDeps,
): Promise<void> {
  const { id: deploymentId, environment, service } = attempt.deployment;
  if (former?.deploymentId === deploymentId) return;
  try {
    const host = await deps.hosts.find(environment, name);
    if (host === null) return;
    let used = false;
    for (const { id, deployment, observed } of await lookAtPair(host, attempt.deployment, deps.labels)) {
      if (deployment !== deploymentId) continue;
      const isUnused = observed.state.status === 'created' && observed.state.startedAt === null;
      if (isUnused) await requireOwned(attempt, deps);
      used ||= !isUnused || !(await host.containers.remove(id));
    }
    // Without its local name, a clean-up takes the image.
    const image = localImage(service, deploymentId);
    if (!used && (await host.images.find(image)) !== null) await host.images.remove(image);
  } catch (error) {
    throwUnlessHost(error, attempt);
  }
}
