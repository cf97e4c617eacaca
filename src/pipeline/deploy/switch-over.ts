import { decideSwitch, isActive, type SwitchHost } from '../../decide/decide-switch.js';
import { asSlipwayError, SlipwayError } from '../../errors.js';
import type { AtBalancer, Seen } from './at-balancer.js';
import type { DeployAttempt } from './attempt.js';
import { awaitSessions } from './await-sessions.js';
import { awaitUsable } from './await-usable.js';
import { isThere, type Course } from './converge.js';
import type { DeployDeps } from './deps.js';
import type { HostWork } from './host-work.js';
import { sentence } from './notes.js';
import { persist, whileReached } from './persist.js';
import { throwIfStopped } from './stopped.js';

/** One side to the other, behind a balancer. */
export interface Switching {
  readonly attempt: DeployAttempt;
  readonly deps: Pick<DeployDeps, 'clock'>;
  readonly balancer: AtBalancer;
  /** Every host of the environment, in the order of the configuration. */
  readonly names: readonly string[];
  /** Those that are reached. */
  readonly works: ReadonlyMap<string, HostWork>;
  /** Where each of them is brought to. */
  readonly courseOf: (work: HostWork) => Course;
  /** How many were active before the first change. */
  readonly wanted: number;
  /** Called before the first change at the balancer: what waits for a window or for people waits here. */
  readonly pass: () => Promise<void>;
  /** Hosts that failed by their own fault, with why. They are tried again later. */
  readonly out: Map<string, SlipwayError>;
}

/** More actions than this: somebody else changes the balancer at the same time. */
const MAX_ACTIONS = 200;

/**
 * Brings drained hosts to the target and makes as many of them active as were before, in waves if they are fewer. Without `prepares` no container
 * is changed. Asked again, by whomever, it goes on from what balancer and hosts say. Fails with the fault of a release, with `no-other-server`
 * or the fault of a host if none can take over, or as the balancer does.
 */
export async function switchOver(switching: Switching, { prepares = true } = {}): Promise<void> {
  const { attempt, deps, balancer, wanted } = switching;
  let hasPassed = attempt.notes.activeBefore !== null;
  for (let actions = 0; actions < MAX_ACTIONS; actions += 1) {
    throwIfStopped(attempt.signal);
    const hosts = await look(await balancer.observe(), switching);
    const action = decideSwitch({ hosts, wanted });
    switch (action.action) {
      case 'none':
        return;
      case 'prepare':
        if (!prepares) return;
        for (const name of action.hosts) await bringIdle(name, switching);
        break;
      case 'enable':
      case 'drain':
        // Waiting may take days: look again afterwards.
        if (hasPassed) await balancer[action.action](action.host);
        else await switching.pass();
        hasPassed = true;
        break;
      case 'await':
        await awaitUsable(action.host, balancer, attempt, deps);
        break;
      case 'stuck':
        throw stuck(switching, hosts);
    }
  }
  throw new SlipwayError('balancer-refused', 'Somebody else changes the balancer at the same time.');
}

/**
 * Brings a drained host to the target. One that fails by its own fault is out. Resolves with false if it gets requests again before anything is
 * changed there.
 */
export async function bringIdle(
  name: string,
  { works, balancer, courseOf, out, attempt }: Switching,
): Promise<boolean> {
  const work = works.get(name);
  if (work === undefined || out.has(name)) return true;
  const { notes } = attempt;
  try {
    const course = courseOf(work);
    if (await whileReached(work, () => isThere(course, work))) return true;
    if (!(await awaitSessions(work, balancer))) return false;
    await persist(course, work);
    await notes.phase(name, 'ready');
  } catch (error) {
    await setAside(name, error, { out, attempt });
  }
  return true;
}

/** A host that fails by its own fault is out. Throws anything else. */
async function setAside(
  name: string,
  error: unknown,
  { out, attempt }: Pick<Switching, 'out' | 'attempt'>,
): Promise<void> {
  throwIfStopped(attempt.signal);
  const fault = asSlipwayError(error);
  if (fault.blame !== 'host') throw error;
  out.set(name, fault);
  await attempt.notes.phase(name, 'failed');
  await attempt.notes.caution(`${sentence(fault.message)} ${name} is tried again later.`);
}

function look(seen: Seen, switching: Switching): Promise<readonly SwitchHost[]> {
  return Promise.all(
    switching.names.map(async (name) => {
      const { state = 'unknown', passedCheck = null } = seen.get(name) ?? {};
      const isReady = await runsTarget(name, switching);
      const hasFailed = switching.out.has(name);
      return { name, state, passedCheck, isReady: isReady === true, isOut: isReady === null, hasFailed };
    }),
  );
}

/** Null: the host is out. */
export async function runsTarget(name: string, switching: Switching): Promise<boolean | null> {
  const work = switching.works.get(name);
  if (work === undefined || switching.out.has(name)) return null;
  try {
    return await whileReached(work, () => isThere(switching.courseOf(work), work));
  } catch (error) {
    await setAside(name, error, switching);
    return null;
  }
}

/** Why nothing can take over. */
function stuck({ out, names, attempt }: Switching, hosts: readonly SwitchHost[]): SlipwayError {
  const [first] = out.values();
  if (first !== undefined) return first;
  const idle = hosts.filter((host) => !isActive(host)).map(({ name }) => name);
  const why = idle.length === 0 ? `none of ${names.join(', ')} is drained` : `${idle.join(', ')} cannot be used`;
  return new SlipwayError(
    'no-other-server',
    `No host can take over from those that ${attempt.deployment.service} runs on: ${why}.`,
  );
}
