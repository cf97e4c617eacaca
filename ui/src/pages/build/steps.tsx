import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { StepBars } from '../../parts/step-bars.js';
import { noteOf, stateOfStep } from './headings.js';

/** When each step of a build ran. */
export function Steps({ build }: { build: Build }): VNode | null {
  const { steps, startedAt, finishedAt } = build;
  if (startedAt === null) return null;
  const bars = steps.map((step, index) => {
    const state = stateOfStep(build, index);
    const tone = state === 'failed' ? 'bad' : state === 'running' ? 'run' : step.cached || step.reused ? 'idle' : 'ok';
    const to = Date.parse(step.finishedAt ?? finishedAt ?? new Date().toISOString());
    return { name: step.name, note: noteOf(step), tone, from: Date.parse(step.startedAt), to } as const;
  });
  return <StepBars steps={bars} begin={Date.parse(startedAt)} />;
}
