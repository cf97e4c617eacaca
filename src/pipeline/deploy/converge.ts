import { decideHost, type HostAction, type HostContainer } from '../../decide/decide-host.js';
import { asSlipwayError, SlipwayError } from '../../errors.js';
import { createContainer } from './create-container.js';
import type { HostWork, Target } from './host-work.js';
import { isSealed, lookAtPair, type OwnedContainer, type Pair } from './look-at-pair.js';
import { markVerified, replace, stopForGood } from './replace.js';
import { wantedOn } from './side.js';
import { throwIfStopped } from './stopped.js';
import { verifyContainer } from './verify-container.js';

/** What a host is brought to. */
export interface Course {
  readonly pair: Pair;
  /** Null: nothing is to run. */
  readonly target: Target | null;
  /** False: the host is prepared only. */
  readonly mayReplace: boolean;
  /** Runs that have to end: a container that was started before the restart that is asked for. */
  readonly stale?: ReadonlySet<string>;
  /** Ids of containers that are not what their label says: somebody changed them. */
  readonly changed?: ReadonlySet<string>;
  /** What runs was verified in another way than the target wants: unless this deployment made it, it is verified again. */
  readonly recheck?: boolean;
  /** What runs is taken as it is, with a warning, if it cannot be verified: there is nothing else to go back to. */
  readonly lenient?: boolean;
  /** Which containers count; every other is left as it is. Default: all. */
  readonly only?: (container: OwnedContainer) => boolean;
}

/** More actions than this on one host: somebody else changes it at the same time. */
const MAX_ACTIONS = 30;

/** One start of a container, for `Course.stale`. */
export const runOf = ({ id, observed }: OwnedContainer): string => `${id}@${observed.state.startedAt ?? ''}`;

/**
 * Looks at a host and does what `decideHost` says, until it says that nothing is left to do, or that it is not the host's turn. Resolves with
 * whether anything was replaced. Asked again, by whomever, it goes on from what it finds. Fails as the actions do.
 */
export async function converge(course: Course, work: HostWork): Promise<boolean> {
  const { host, attempt, deps } = work;
  let replaced = false;
  for (let actions = 0; actions < MAX_ACTIONS; actions += 1) {
    throwIfStopped(attempt.signal);
    const all = await lookAtPair(host, course.pair, deps.labels);
    const present = all.filter(course.only ?? (() => true));
    const action = decide(course, present, work);
    if (action.action === 'none' || action.action === 'wait') return replaced;
    await attempt.notes.step(`${wordFor(action)}: ${action.reason}`, host.name, () =>
      perform(action, present, course, work),
    );
    replaced ||= action.action === 'replace' || action.action === 'stop';
    // Another look could only say that it has its container.
    if (action.action === 'create' && !course.mayReplace) return replaced;
  }
  throw new SlipwayError(
    'engine-error',
    `Host ${host.name}: its containers are changed by somebody else at the same time.`,
    {
      extra: { host: host.name },
    },
  );
}

/** Whether nothing is left to do on a host: it runs the target, verified. Changes nothing. Fails as `Containers`. */
export async function isThere(course: Course, work: HostWork): Promise<boolean> {
  const all = await lookAtPair(work.host, course.pair, work.deps.labels);
  return decide(course, all.filter(course.only ?? (() => true)), work).action === 'none';
}

function decide(
  { target, mayReplace, stale, changed, recheck }: Course,
  present: readonly OwnedContainer[],
  work: HostWork,
): HostAction {
  const { host, deps, verified, started } = work;
  const runs = new Map(present.map((one) => [one.id, runOf(one)]));
  const sealed = new Set(present.filter(({ observed }) => isSealed(observed, deps.labels)).map(({ id }) => id));
  return decideHost({
    wanted: target === null ? null : wantedOn(host.name, target, deps.labels),
    containers: present.map((one) => (changed?.has(one.id) === true ? { ...one, spec: '' } : one)),
    mayReplace,
    isVerified: (one: HostContainer) => {
      if (verified.has(one.id)) return true;
      // With our seal its policy tells that a deployment has verified it; see `markVerified`.
      const wasVerified = sealed.has(one.id) && one.restart.name !== 'no' && !started.has(one.id);
      return wasVerified && (recheck !== true || one.deployment === target?.deploymentId);
    },
    isStale: ({ id }: HostContainer) => stale?.has(runs.get(id) ?? '') === true,
  });
}

const words = {
  create: 'create a container',
  replace: 'replace',
  verify: 'verify',
  mark: 'mark as verified',
  stop: 'stop',
} as const;

/** If nothing has to stop, nothing is replaced. */
const wordFor = (action: Doing): string =>
  action.action === 'replace' && action.stop.length === 0 ? 'start' : words[action.action];

type Doing = Exclude<HostAction, { readonly action: 'none' | 'wait' }>;

async function perform(
  action: Doing,
  present: readonly OwnedContainer[],
  course: Course,
  work: HostWork,
): Promise<void> {
  const { target } = course;
  const { attempt, host } = work;
  if (action.action === 'stop') {
    await attempt.notes.phase(host.name, 'verifying');
    return stopForGood(action.stop, present, work);
  }
  // What is left to do is about a target.
  if (target === null) return;
  switch (action.action) {
    case 'create':
      return createContainer(target, present, work);
    case 'replace':
      await attempt.notes.phase(host.name, 'verifying');
      if (!(await replace(action, present, target, work))) return;
      // At once: one that ends soon is to be verified, and not to be started as one that was found stopped.
      return attempt.notes.step(`${words.verify}: it has just started`, host.name, () =>
        verify(action.start, target, course, work),
      );
    case 'verify':
      return verify(action.id, target, course, work);
    case 'mark':
      return markVerified(action, target.specification.parameters.restart, work);
  }
}

async function verify(id: string, target: Target, { lenient = false }: Course, work: HostWork): Promise<void> {
  const { attempt, host } = work;
  await attempt.notes.phase(host.name, 'verifying');
  try {
    if (!(await verifyContainer(id, target, work))) return;
  } catch (error) {
    if (!lenient) throw error;
    throwIfStopped(attempt.signal);
    // One that does not run is no way back.
    if ((await host.containers.inspect(id))?.state.status !== 'running') throw error;
    await attempt.notes.caution(
      `What ran before runs again and could not be verified: ${asSlipwayError(error).message}`,
    );
  }
  work.verified.add(id);
}
