import type { VNode } from 'preact';
import type { System } from '../../api/types.js';
import { clockTime } from '../../parts/time.js';
import { size } from './sentences.js';

/** What there is to do, what that waits for, and the room on the disk. */
export function Work({ system: { queue, waits, disk, heldRequests } }: { system: System }): VNode {
  const { running, queued, concurrency, pausedUntil } = queue;
  return (
    <section>
      <h2>Queue</h2>
      <p>
        <a href="/builds">
          {running} of {concurrency} {concurrency === 1 ? 'build' : 'builds'} run, {queued}{' '}
          {queued === 1 ? 'waits' : 'wait'}.
        </a>
        {pausedUntil !== null && ` The first pause of a waiting build ends at ${clockTime(pausedUntil)}.`}{' '}
        <span class="soft">
          {heldRequests === 1 ? '1 open stream' : `${heldRequests} open streams`} of pages, logs and waiting calls.
        </span>
      </p>
      {waits.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label="What is waited for">
          <table>
            <thead>
              <tr>
                <th scope="col">Waits for</th>
                <th scope="col">Looks and builds</th>
                <th scope="col">Next try</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {waits.map(({ code, message, until, count }) => (
                <tr key={code}>
                  <td class="mono warn">{code}</td>
                  <td class="tabular">{count}</td>
                  <td class="tabular">{until === null ? 'once the cause is gone' : clockTime(until)}</td>
                  <td>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {disk !== null && (
        <>
          <h2>Disk</h2>
          <p class="line">
            <meter
              min={0}
              max={disk.total}
              low={disk.total - disk.floor}
              high={disk.total - disk.floor}
              optimum={0}
              value={disk.total - disk.free}
              aria-label="Used space where the data directory is"
            />
            <span>
              {size(disk.free)} of {size(disk.total)} are free.{' '}
              <span class="soft">No build starts below {size(disk.floor)} (limits.freeDisk).</span>
            </span>
          </p>
        </>
      )}
    </section>
  );
}
