import { isUp } from '../../decide/decide-host.js';
import type { HostWork } from './host-work.js';
import { Stopped } from './stopped.js';

/** What an engine gives a container to stop, if nothing says how long. */
export const USUAL_GRACE_MS = 10_000;
/** A container that is slow to stop has this long once the server stops: what replaces it has to run before that. */
const HURRY_MS = 2_000;

/** Stops a container of which the replacement waits. Fails as `Controls.stop`, unless the container has ended all the same. */
export async function stopContainer(id: string, graceMs: number, work: HostWork): Promise<void> {
  const { host, attempt, deps } = work;
  const over = new AbortController();
  const hurried = whenStopping(attempt.signal, over.signal).then(async () => {
    await deps.clock.sleep(HURRY_MS, over.signal);
    if (!over.signal.aborted) await host.controls.stop(id, 0);
  });
  hurried.catch(() => undefined);
  try {
    await host.controls.stop(id, graceMs);
  } catch (error) {
    // What follows must not wait if it has ended although the answer was lost.
    const seen = await host.containers.inspect(id).catch(() => undefined);
    if (seen === undefined || (seen !== null && isUp(seen.state))) throw error;
  } finally {
    over.abort();
  }
}

/**
 * Stops a container that nothing waits for, so it keeps all of its time. If the server stops in the meantime, the engine goes on by itself, and
 * this fails as the signal says. Otherwise fails as `Controls.stop`.
 */
export async function stopWithoutHurry(id: string, graceMs: number, { host, attempt }: HostWork): Promise<void> {
  const over = new AbortController();
  const stopping = host.controls.stop(id, graceMs);
  stopping.catch(() => undefined);
  const left = whenStopping(attempt.signal, over.signal).then(() => {
    if (!over.signal.aborted) throw attempt.signal.reason;
  });
  left.catch(() => undefined);
  try {
    await Promise.race([stopping, left]);
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
