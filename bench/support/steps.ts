import { median, rounded } from './measure.js';
import type { BuildAnswer } from './slipway.js';

/** Milliseconds by what they went to. */
export type StepTimes = Readonly<Record<string, number>>;

const at = (time: string | null): number => (time === null ? NaN : Date.parse(time));

/** Where a build's time went; `ms` is the whole time since its webhook. The server's own clock counts in milliseconds. */
export function stepTimes(build: BuildAnswer, ms: number): StepTimes {
  const own = build.steps.filter(({ name }) => /^[a-z]+$/.test(name));
  const steps = Object.fromEntries(own.map((step) => [step.name, at(step.finishedAt) - at(step.startedAt)]));
  const run = at(build.finishedAt) - at(build.startedAt);
  const waited = at(build.startedAt) - at(build.queuedAt);
  const inSteps = Object.values(steps).reduce((sum, time) => sum + time, 0);
  return {
    'webhook to queue': ms - run - waited,
    'in the queue': waited,
    ...steps,
    'between the steps': run - inSteps,
  };
}

/** Medians over several builds. */
export function summary(all: readonly StepTimes[]): StepTimes {
  const names = [...new Set(all.flatMap((one) => Object.keys(one)))];
  return Object.fromEntries(names.map((name) => [name, rounded(median(all.map((one) => one[name] ?? 0)))]));
}
