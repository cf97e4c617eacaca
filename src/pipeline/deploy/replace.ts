import { isUp } from '../../decide/decide-host.js';
import { SlipwayError } from '../../errors.js';
import { requireLease, requireOwned } from './attempt.js';
import { isDisplaced } from './displaced.js';
import type { HostWork, Target } from './host-work.js';
import type { OwnedContainer } from './look-at-pair.js';
import { makeRoom } from './make-room.js';
import { Stopped } from './stopped.js';

const never = { name: 'no', maxRetries: 0 } as const;
/** What an engine gives a container to stop, if nothing says how long. */
const USUAL_GRACE_MS = 10_000;
/** A container that is slow to stop has this long once the server stops: what replaces it has to run before that. */
const HURRY_MS = 2_000;

/**
 * Stops containers and starts another right after, with nothing in between that can wait. From the first stop on it goes on to the start,
 * whatever happens to this attempt, unless another worker has the deployment. Resolves with false if what was stopped has come to run again
 * in its place, as after a start of the machine. Fails as `Controls.start`.
 */
export async function replace(
  { stop, start }: { readonly stop: readonly string[]; readonly start: string },
  present: readonly OwnedContainer[],
  target: Target,
  work: HostWork,
): Promise<boolean> {
  const { attempt, deps, started, verified } = work;
  await requireLease(attempt, deps);
  await makeRoom(target, work);
  for (const id of stop)
    await stopContainer(
      present.find((one) => one.id === id),
      work,
    );
  await requireOwned(attempt, deps);
  // Noted first: it may be started although the answer is lost, and then it is not verified either.
  started.add(start);
  verified.delete(start);
  return startContainer(start, work);
}

/** An engine may fail to say that it has started a container, so what counts is whether it runs. */
async function startContainer(id: string, work: HostWork): Promise<boolean> {
  const { host } = work;
  try {
    if (await host.controls.start(id)) return true;
  } catch (error) {
    const seen = await host.containers.inspect(id).catch(() => null);
    if (seen?.state.status === 'running') return true;
    if (await isDisplaced(id, work).catch(() => false)) return false;
    throw error;
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
  for (const id of stop) {
    await requireLease(attempt, deps);
    await host.controls.setRestart(id, never);
    await stopContainer(
      present.find((one) => one.id === id),
      work,
    );
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

async function stopContainer(container: OwnedContainer | undefined, work: HostWork): Promise<void> {
  if (container === undefined) return;
  const { host, attempt, deps } = work;
  const { id, observed } = container;
  const over = new AbortController();
  const hurried = whenStopping(attempt.signal, over.signal).then(async () => {
    await deps.clock.sleep(HURRY_MS, over.signal);
    if (!over.signal.aborted) await host.controls.stop(id, 0);
  });
  hurried.catch(() => undefined);
  try {
    await host.controls.stop(id, observed.parameters?.stopGracePeriod ?? USUAL_GRACE_MS);
  } catch (error) {
    // What follows must not wait if it has ended although the answer was lost.
    const seen = await host.containers.inspect(id).catch(() => undefined);
    if (seen === undefined || (seen !== null && isUp(seen.state))) throw error;
  } finally {
    over.abort();
  }
}

/** Resolves when the server stops, or when it no longer matters. */
function whenStopping(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const tell = (): void => {
      if (signal.reason instanceof Stopped && signal.reason.kind === 'drain') resolve();
    };
    if (signal.aborted) return tell();
    signal.addEventListener('abort', tell, { once: true, signal: over });
    over.addEventListener('abort', () => resolve(), { once: true });
  });
}
