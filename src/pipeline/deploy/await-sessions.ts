import type { AtBalancer } from './at-balancer.js';
import type { HostWork } from './host-work.js';

/** Sessions are counted this often, or more often if there is little time. */
const LOOK_MS = 1_000;
const LOOKS = 10;

/**
 * Waits until a drained host has no sessions left, until `timeouts.drainMax`. After `timeouts.drain` a warning says how many are left. If the
 * balancer does not count them, `timeouts.drain` has to be enough. Resolves with false if the host gets requests again: the balancer has
 * forgotten the drain, or somebody has undone it.
 */
export async function awaitSessions({ host, attempt, deps }: HostWork, balancer: AtBalancer): Promise<boolean> {
  const { notes, signal, environment } = attempt;
  const { drain, drainMax } = environment.timeouts;
  const began = deps.clock.now();
  let isWarned = false;
  for (;;) {
    const { state, sessions = null } = (await balancer.observe()).get(host.name) ?? {};
    if (state === 'active') return false;
    const waited = deps.clock.now() - began;
    if (sessions === 0 || waited >= drainMax || (sessions === null && waited >= drain)) return true;
    if (sessions !== null && waited >= drain && !isWarned) {
      isWarned = true;
      await notes.caution(`drain-timeout: ${host.name} still has ${sessions} sessions after ${drain / 1000} seconds.`);
    }
    await deps.clock.sleep(Math.max(1, Math.min(LOOK_MS, drain / LOOKS)), signal);
  }
}
