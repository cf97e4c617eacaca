import { isActive, isUsable } from '../../decide/decide-switch.js';
import { activeIn, atBalancer } from './at-balancer.js';
import { awaitSessions } from './await-sessions.js';
import { awaitUsable } from './await-usable.js';
import { isThere, type Course } from './converge.js';
import type { HostWork } from './host-work.js';
import { whileReached } from './persist.js';
import { switchesOver } from './preflight-balancer.js';

/** Repairs that may have come since. */
const RECENT = 20;

/**
 * Does something with a host while it gets no requests, if a balancer can send them to others: drains it before, and enables it afterwards if
 * it was active. Fails as the balancer and `work` do; then the host stays drained.
 */
export async function drainedFor(work: HostWork, course: Course, act: () => Promise<void>): Promise<void> {
  const { host, attempt, deps } = work;
  const balancer = atBalancer(attempt, deps);
  if (balancer === null) return act();
  const { name } = host;
  if (!(await whileReached(work, () => isThere(course, work)))) {
    const seen = await balancer.observe();
    const others = [...seen].some(([other, state]) => other !== name && isUsable(state));
    const own = seen.get(name);
    if (own?.state === 'active' && others) await balancer.drain(name);
    else if (own?.state === 'active')
      await attempt.notes.caution(
        `${name} is the only host that the balancer can use, so it is replaced without being drained.`,
      );
    if (others) await awaitSessions(work, balancer);
  }
  await act();
  // Which hosts are active is for the switch to say.
  if (switchesOver(attempt)) return;
  const seen = await balancer.observe();
  const own = seen.get(name);
  if (own === undefined || isActive(own) || !(await wasActive(work, activeIn(seen).length))) return;
  await balancer.enable(name);
  await awaitUsable(name, balancer, attempt, deps);
}

/**
 * An earlier deployment may have drained it and then lost it, so that nobody has enabled it again. If another one has taken over from it, it is
 * the standby now.
 */
async function wasActive({ host: { name }, attempt, deps }: HostWork, active: number): Promise<boolean> {
  const { deployment, notes } = attempt;
  if (notes.activeBefore !== null) return notes.activeBefore.includes(name);
  if (deployment.only === null) return false;
  const { service, environment } = deployment;
  const { items } = await deps.store.deployments.page({ service, environment, limit: RECENT, cursor: null });
  const last = items.find(({ kind }) => kind !== 'repair');
  const state = last?.hosts.find(({ host }) => host === name)?.state ?? 'done';
  const before = last?.activeBefore ?? [];
  const isReplaced = attempt.environment.strategy === 'blue-green' && active >= before.length;
  return before.includes(name) && !isReplaced && state !== 'done' && state !== 'undone';
}
