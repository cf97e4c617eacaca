import type { Build, Step } from '../../api/types.js';
import type { StepHeading } from '../../log/view.js';
import { duration } from '../../parts/time.js';

/** What took how long. `cached` and `reused` take no time of their own. */
export function noteOf({ cached, reused, startedAt, finishedAt }: Step): string {
  if (cached) return 'cached';
  if (reused) return 'reused';
  return finishedAt === null ? '' : duration(Date.parse(finishedAt) - Date.parse(startedAt));
}

/** The state of a step. A step that never ended was going on when the build failed. */
export function stateOfStep(build: Build, index: number): StepHeading['state'] {
  if (build.error?.stepIndex === index) return 'failed';
  if (build.steps[index]?.finishedAt !== null) return 'done';
  return build.status === 'running' ? 'running' : 'failed';
}

/** Headings of a build's log. */
export const headingsOf = (build: Build): StepHeading[] =>
  build.steps.map((step, index) => ({ name: step.name, note: noteOf(step), state: stateOfStep(build, index) }));
