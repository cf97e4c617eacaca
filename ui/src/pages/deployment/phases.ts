import type { Deployment, DeploymentHost } from '../../api/types.js';

/** Names of the common vocabulary of states. */
interface Shown {
  readonly state: 'pending' | 'running' | 'succeeded' | 'rolled-back' | 'failed' | 'skipped' | 'canceled';
  readonly word: string;
}

const phases: Readonly<Record<DeploymentHost['state'], Shown>> = {
  waiting: { state: 'pending', word: 'waits for its turn' },
  preparing: { state: 'running', word: 'is being prepared' },
  verifying: { state: 'running', word: 'is being verified' },
  ready: { state: 'pending', word: 'prepared' },
  active: { state: 'succeeded', word: 'active' },
  draining: { state: 'running', word: 'is being drained' },
  done: { state: 'succeeded', word: 'done' },
  undone: { state: 'rolled-back', word: 'went back' },
  failed: { state: 'failed', word: 'failed' },
};

/** How far a host is. Nothing goes on at the hosts of a deployment that has ended. */
export function phaseOf({ state }: Pick<DeploymentHost, 'state'>, hasEnded: boolean): Shown {
  if (!hasEnded) return phases[state];
  if (state === 'waiting') return { state: 'skipped', word: 'not touched' };
  if (state === 'preparing' || state === 'ready') return { state: 'skipped', word: 'prepared, not changed' };
  return phases[state].state === 'running' ? { state: 'canceled', word: 'stopped' } : phases[state];
}

export type Step = Deployment['steps'][number];

/** `a: pull the image`. */
export const stepName = ({ name, host }: Pick<Step, 'name' | 'host'>): string =>
  host === null ? name : `${host}: ${name}`;

/** How a step stands. */
export function stateOfStep(
  { steps, finishedAt }: Pick<Deployment, 'steps' | 'finishedAt'>,
  index: number,
): 'done' | 'running' | 'failed' {
  const step = steps[index];
  if (step?.finishedAt === null) return finishedAt === null ? 'running' : 'failed';
  return step?.failed === true ? 'failed' : 'done';
}

/** Index of the step in which it failed: the first one, and of those that stand in each other, the innermost. Null: none failed. */
export function failedStep(steps: Deployment['steps']): number | null {
  let found = steps.findIndex(({ failed }) => failed);
  if (found < 0) return null;
  const end = steps[found]?.finishedAt ?? '';
  while (steps[found + 1]?.failed === true && (steps[found + 1]?.startedAt ?? '') <= end) found += 1;
  return found;
}
