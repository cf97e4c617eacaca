import type { VNode } from 'preact';
import { Ago } from '../parts/time.js';
import type { MatrixEnvironment } from './types.js';

const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** A moment to come: day and time in the viewer's zone. */
export function Moment({ at }: { at: string }): VNode {
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {day.format(date)}, {clock.format(date)}
    </time>
  );
}

/** Who holds an environment, why, and until when. */
export function HoldWords({ hold }: { hold: NonNullable<MatrixEnvironment['hold']> }): VNode {
  return (
    <>
      held by {hold.by}: “{hold.reason}”,{' '}
      {hold.until === null ? (
        'until it is lifted'
      ) : (
        <>
          until <Moment at={hold.until} />
        </>
      )}
    </>
  );
}

/** Whether the window is open, and when that changes. */
export function WindowWords({ window }: { window: NonNullable<MatrixEnvironment['window']> }): VNode {
  const { open, opensAt, closesAt } = window;
  if (open)
    return (
      <>
        window open
        {closesAt !== null && (
          <>
            , until <Moment at={closesAt} />
          </>
        )}
      </>
    );
  return (
    <>
      window closed
      {opensAt !== null && (
        <>
          , opens <Moment at={opensAt} />
        </>
      )}
    </>
  );
}

/** When a host went away, or that nobody has asked it. */
export function Away({ since }: { since: string | null }): VNode {
  if (since === null) return <>not asked yet</>;
  return (
    <>
      not reachable, went away <Ago at={since} />
    </>
  );
}
