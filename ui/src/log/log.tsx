import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { counted } from '../parts/short.js';
import { useKeys } from '../shell/keys.js';
import { Find } from './find.js';
import type { LogProps } from './props.js';
import { useLogView } from './use-log-view.js';
import type { Times } from './view.js';
import './log.css';

/** A log as it grows: folded by step, with links to lines, search, times, and its end in view while somebody follows it. */
export function Log(props: LogProps): VNode {
  const { url, isRunning, failed } = props;
  const hasSteps = props.read === undefined;
  const { box, end, view, follow, isFollowing, unseen, length, lost, fault } = useLogView(props);
  const times = useSignal<Times>('off');
  const [isWrapped, isFull] = [useSignal(true), useSignal(false)];
  const toEnd = () => follow.current?.start();
  const toStart = () => {
    follow.current?.stop();
    box.current?.scrollIntoView({ block: 'start' });
  };
  const showTimes = (next: Times) => {
    times.value = next;
    if (view.current !== null) view.current.times = next;
  };
  const nextTimes = { off: 'since', since: 'clock', clock: 'off' } as const;
  const toFault = () => {
    follow.current?.stop();
    view.current?.showFault();
  };
  const unfold = () => {
    isFull.value = !isFull.value;
    view.current?.unfold(isFull.value);
  };
  useKeys({
    G: { words: 'End of the log', act: toEnd },
    'g g': { words: 'Start of the log', act: toStart },
    ...(hasSteps && {
      t: { words: 'Times of the lines', act: () => showTimes(nextTimes[times.value]) },
      f: { words: 'Unfold all steps', act: unfold },
    }),
    ...(failed !== null && { '!': { words: 'First error of the failing step', act: toFault } }),
  });
  return (
    <section class="log-frame" aria-labelledby="log-title">
      <div class="log-tools">
        <h2 id="log-title">{props.title ?? 'Log'}</h2>
        <Find view={view} length={length.value} />
        {hasSteps && <StepTools times={times.value} show={showTimes} isFull={isFull.value} unfold={unfold} />}
        <button type="button" aria-pressed={isWrapped.value} onClick={() => (isWrapped.value = !isWrapped.value)}>
          wrap
        </button>
        <a href={url} target="_blank" rel="noopener">
          raw
        </a>
        {failed !== null && (
          <button type="button" onClick={toFault}>
            first error
          </button>
        )}
        <span class="spring" />
        {lost.value && <span class="warn">connection lost, reading again</span>}
        {isRunning && isFollowing.value && <span class="run">● following</span>}
      </div>
      {fault.value !== null && (
        <p class="bad" role="alert">
          {fault.value}
        </p>
      )}
      <div
        ref={box}
        class={`log ${isWrapped.value ? 'wrap' : ''}`}
        role="log"
        aria-label="Output"
        aria-live={isRunning && isFollowing.value ? 'polite' : 'off'}
        data-lines={length.value}
      />
      <div ref={end} class="log-end" />
      {unseen.value > 0 && isRunning && !isFollowing.value && (
        <button type="button" class="primary new-lines" onClick={toEnd}>
          {counted(unseen.value, 'new line')} ↓
        </button>
      )}
    </section>
  );
}

interface StepToolsProps {
  readonly times: Times;
  readonly show: (times: Times) => void;
  readonly isFull: boolean;
  readonly unfold: () => void;
}

/** For logs whose lines have times and steps. */
function StepTools({ times, show, isFull, unfold }: StepToolsProps): VNode {
  return (
    <>
      <label>
        times{' '}
        <select value={times} onChange={({ currentTarget }) => show(currentTarget.value as Times)}>
          <option value="off">off</option>
          <option value="since">since the start</option>
          <option value="clock">clock</option>
        </select>
      </label>
      <button type="button" aria-pressed={isFull} onClick={unfold}>
        unfold
      </button>
    </>
  );
}
