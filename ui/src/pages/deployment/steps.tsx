import type { VNode } from 'preact';
import type { Deployment } from '../../api/types.js';
import { StepBars } from '../../parts/step-bars.js';
import { noteOf } from './headings.js';
import { stateOfStep } from './phases.js';
import { stepName } from './step-names.js';

const tones = { failed: 'bad', running: 'run', done: 'ok' } as const;

/** When each step of a deployment ran. */
export function Steps({ deployment }: { deployment: Deployment }): VNode | null {
  const { steps, finishedAt } = deployment;
  const [first] = steps;
  if (first === undefined) return null;
  const bars = steps.map((step, index) => ({
    name: stepName(deployment, index),
    note: noteOf(step),
    tone: tones[stateOfStep(deployment, index)],
    from: Date.parse(step.startedAt),
    to: Date.parse(step.finishedAt ?? finishedAt ?? new Date().toISOString()),
  }));
  return <StepBars steps={bars} begin={Date.parse(first.startedAt)} />;
}
