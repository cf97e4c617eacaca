import type { VNode } from 'preact';
import './work.css';

const WIDTH = 1000;
const BAR = 10;
const MIN_WIDTH = 3;
const FEW = 12;

/** A step as a bar. Times in milliseconds since the epoch. */
export interface BarStep {
  readonly name: string;
  /** Such as `0.3 s` or `cached`. */
  readonly note: string;
  readonly tone: 'ok' | 'bad' | 'run' | 'idle';
  readonly from: number;
  readonly to: number;
}

/** When each step ran: bars on one axis, and a list with the same for screen readers and phones. */
export function StepBars({ steps, begin }: { steps: readonly BarStep[]; begin: number }): VNode | null {
  if (steps.length === 0) return null;
  const whole = Math.max(1, ...steps.map(({ to }) => to - begin));
  const x = (time: number) => Math.min(WIDTH - MIN_WIDTH, Math.max(0, ((time - begin) / whole) * WIDTH));
  return (
    <details class="steps" open={steps.length <= FEW}>
      <summary>
        <h2>Steps</h2>
      </summary>
      <ol>
        {steps.map(({ name, note, tone, from, to }, index) => (
          <li key={index}>
            <a class="name" href={`#step-${index}`} title={name}>
              {name}
            </a>
            <span class={`tabular ${tone === 'bad' ? 'bad' : 'soft'}`}>
              {tone === 'bad' ? '✕ ' : ''}
              {note}
            </span>
            <svg viewBox={`0 0 ${WIDTH} ${BAR}`} preserveAspectRatio="none" aria-hidden="true">
              <rect class={tone} x={x(from)} width={Math.max(MIN_WIDTH, x(to) - x(from))} height={BAR} />
            </svg>
          </li>
        ))}
      </ol>
    </details>
  );
}
