import { isActive, isUsable } from '../../decide/decide-switch.js';
import { atBalancer, undoneAgain, type AtBalancer } from './at-balancer.js';
import { awaitSessions } from './await-sessions.js';
import { awaitUsable } from './await-usable.js';
import { isThere, type Course } from './converge.js';
import type { HostWork } from './host-work.js';
import { whileReached } from './persist.js';
import { switchesOver } from './preflight-balancer.js';

/** Each is made again if the balancer forgets it. */
const MAX_DRAINS = 10;
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
  if (!(await whileReached(work, () => isThere(course, work)))) await drain(work, balancer);
  await act();
  // Which hosts are active is for the switch to say.
  if (switchesOver(attempt)) return;
  const seen = await balancer.observe();
  const own = seen.get(name);
  const usable = [...seen.values()].filter(isUsable).length;
  if (own === undefined || isActive(own) || !(await wasActive(work, usable))) return;
  await balancer.enable(name);
  await awaitUsable(name, balancer, attempt, deps);
}

/**
 * Drains a host, if the balancer can use another one, and waits until it has no sessions. A drain that is undone in the meantime is made again.
 * Fails as the balancer, and with `balancer-refused` if it is undone again and again.
 */
async function drain(work: HostWork, balancer: AtBalancer): Promise<void> {
  const { name } = work.host;
  for (let times = 0; times < MAX_DRAINS; times += 1) {
    const seen = await balancer.observe();
    const getsRequests = seen.get(name)?.state === 'active';
    if (![...seen].some(([other, state]) => other !== name && isUsable(state))) {
      const why = `${name} is the only host that the balancer can use, so it is replaced without being drained.`;
      if (getsRequests) await work.attempt.notes.caution(why);
      return;
    }
    if (getsRequests) await balancer.drain(name);
    if (await awaitSessions(work, balancer)) return;
  }
  throw undoneAgain(name);
}

/**
 * An earlier deployment may have drained it and then lost it, so that nobody has enabled it again. If another one has taken over from it, it is
 * the standby now.
 */
async function wasActive({ host: { name }, attempt, deps }: HostWork, usable: number): Promise<boolean> {
  const { deployment, notes } = attempt;
  if (notes.activeBefore !== null) return notes.activeBefore.includes(name);
  if (deployment.only === null) return false;
  const { service, environment } = deployment;
  const { items } = await deps.store.deployments.page({ service, environment, limit: RECENT, cursor: null });
  const last = items.find(({ kind }) => kind !== 'repair');
  const state = last?.hosts.find(({ host }) => host === name)?.state ?? 'done';
  const before = last?.activeBefore ?? [];
  const isReplaced = attempt.environment.strategy === 'blue-green' && usable >= before.length;
  return before.includes(name) && !isReplaced && state !== 'done' && state !== 'undone';
}
