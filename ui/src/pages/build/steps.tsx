import type { VNode } from 'preact';
import type { Build } from '../../api/types.js';
import { noteOf, stateOfStep } from './headings.js';

const WIDTH = 1000;
const BAR = 10;
const MIN_WIDTH = 3;

/** When each step ran: bars on one axis, and a list with the same for screen readers and phones. */
export function Steps({ build }: { build: Build }): VNode | null {
  const { steps, startedAt, finishedAt } = build;
  if (steps.length === 0 || startedAt === null) return null;
  const begin = Date.parse(startedAt);
  const ends = steps.map((step) => Date.parse(step.finishedAt ?? finishedAt ?? new Date().toISOString()));
  const whole = Math.max(1, ...ends.map((end) => end - begin));
  const x = (time: number) => Math.min(WIDTH - MIN_WIDTH, Math.max(0, ((time - begin) / whole) * WIDTH));
  return (
    <details class="steps" open={steps.length <= 12}>
      <summary>
        <h2>Steps</h2>
      </summary>
      <ol>
        {steps.map((step, index) => {
          const from = x(Date.parse(step.startedAt));
          const state = stateOfStep(build, index);
          const tone =
            state === 'failed' ? 'bad' : state === 'running' ? 'run' : step.cached || step.reused ? 'idle' : 'ok';
          return (
            <li key={index}>
              <a class="name" href={`#step-${index}`}>
                {step.name}
              </a>
              <span class={`tabular ${state === 'failed' ? 'bad' : 'soft'}`}>
                {state === 'failed' ? '✕ ' : ''}
                {noteOf(step)}
              </span>
              <svg viewBox={`0 0 ${WIDTH} ${BAR}`} preserveAspectRatio="none" aria-hidden="true">
                <rect class={tone} x={from} width={Math.max(MIN_WIDTH, x(ends[index] ?? begin) - from)} height={BAR} />
              </svg>
            </li>
          );
        })}
      </ol>
    </details>
  );
}
