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

/** How a step stands. A step that failed only because of one in it has done its own part. */
export function stateOfStep(
  { steps, finishedAt }: Pick<Deployment, 'steps' | 'finishedAt'>,
  index: number,
): 'done' | 'running' | 'failed' {
  const step = steps[index];
  if (step?.finishedAt === null) return finishedAt === null ? 'running' : 'failed';
  return step?.failed === true && !holdsFailure(steps, index) ? 'failed' : 'done';
}

/** Whether the step right after it stands in it and failed. */
function holdsFailure(steps: Deployment['steps'], index: number): boolean {
  const [step, next] = [steps[index], steps[index + 1]];
  if (step === undefined || next === undefined) return false;
  return next.failed && next.host === step.host && next.startedAt <= (step.finishedAt ?? '');
}

/** Index of the step in which it failed: the first one, of the host that the error names, and of those that stand in each other the innermost. Null: none failed. */
export function failedStep(steps: Deployment['steps'], host: string | null = null): number | null {
  const ofHost = host === null ? -1 : steps.findIndex((step) => step.failed && step.host === host);
  let found = ofHost < 0 ? steps.findIndex(({ failed }) => failed) : ofHost;
  if (found < 0) return null;
  while (holdsFailure(steps, found)) found += 1;
  return found;
}
