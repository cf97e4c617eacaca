import { SlipwayError } from '../../errors.js';
import { holdLease, requireLease } from './attempt.js';
import { isDisplaced } from './displaced.js';
import { withPortHint } from './free-ports.js';
import type { HostWork, Target } from './host-work.js';
import type { OwnedContainer } from './look-at-pair.js';
import { makeRoom } from './make-room.js';
import { stopContainer, stopWithoutHurry, USUAL_GRACE_MS } from './stop-container.js';

const never = { name: 'no', maxRetries: 0 } as const;

/**
 * Stops containers and starts another right after, with nothing in between that can wait. From the first stop on it goes on to the start,
 * whatever happens to this attempt, unless another worker may have the deployment: the store may go away, and a change of the service's name
 * waits. Resolves with false if what was stopped has come to run again in its place, as after a start of the machine. Fails as
 * `Controls.start`.
 */
export const replace = (...given: Parameters<typeof stopAndStart>): Promise<boolean> =>
  given[3].deps.names.together(() => stopAndStart(...given));

async function stopAndStart(
  { stop, start }: { readonly stop: readonly string[]; readonly start: string },
  present: readonly OwnedContainer[],
  target: Target,
  work: HostWork,
): Promise<boolean> {
  const { attempt, deps, started, verified } = work;
  const requireHeld = await holdLease(attempt, deps);
  await makeRoom(target, requireHeld, work);
  for (const { id, graceMs } of found(stop, present)) await stopContainer(id, graceMs, work);
  await requireHeld();
  // Noted first: it may be started although the answer is lost, and then it is not verified either.
  started.add(start);
  verified.delete(start);
  return startContainer(start, target, work);
}

/** An engine may fail to say that it has started a container, so what counts is whether it runs. */
async function startContainer(id: string, target: Target, work: HostWork): Promise<boolean> {
  const { host } = work;
  try {
    if (await host.controls.start(id)) return true;
  } catch (error) {
    const seen = await host.containers.inspect(id).catch(() => null);
    if (seen?.state.status === 'running') return true;
    if (await isDisplaced(id, work).catch(() => false)) return false;
    throw await withPortHint(error, target, work);
  }
  throw new SlipwayError('container-start-failed', `Host ${host.name}: the container was removed by somebody else.`, {
    extra: { host: host.name },
  });
}

/** Stops containers for good: they do not come back with a reboot. */
export async function stopForGood(
  stop: readonly string[],
  present: readonly OwnedContainer[],
  work: HostWork,
): Promise<void> {
  const { attempt, deps, host } = work;
  for (const { id, graceMs } of found(stop, present)) {
    await requireLease(attempt, deps);
    await host.controls.setRestart(id, never);
    await stopWithoutHurry(id, graceMs, work);
  }
}

/** Gives the verified container its policy, and only then takes it from the others: at no time does a reboot leave none. */
export async function markVerified(
  { keep, retire }: { readonly keep: string; readonly retire: readonly string[] },
  policy: Parameters<HostWork['host']['controls']['setRestart']>[1],
  { attempt, deps, host }: HostWork,
): Promise<void> {
  await requireLease(attempt, deps);
  await host.controls.setRestart(keep, policy);
  for (const id of retire) {
    await requireLease(attempt, deps);
    await host.controls.setRestart(id, never);
  }
}

/** What is still there of them, with the time that each has to stop. */
const found = (ids: readonly string[], present: readonly OwnedContainer[]) =>
  present
    .filter(({ id }) => ids.includes(id))
    .map(({ id, observed }) => ({ id, graceMs: observed.parameters?.stopGracePeriod ?? USUAL_GRACE_MS }));
