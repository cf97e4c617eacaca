import type { Deployment } from '../../api/types.js';
import type { StepHeading } from '../../log/view.js';
import { duration } from '../../parts/time.js';
import { stateOfStep, type Step } from './phases.js';
import { stepName } from './step-names.js';

/** How long it took. */
export const noteOf = ({ startedAt, finishedAt }: Step): string =>
  finishedAt === null ? '' : duration(Date.parse(finishedAt) - Date.parse(startedAt));

/** Headings of the log. */
export const headingsOf = (deployment: Deployment): StepHeading[] =>
  deployment.steps.map((step, index) => ({
    name: stepName(deployment, index),
    note: noteOf(step),
    state: stateOfStep(deployment, index),
  }));
