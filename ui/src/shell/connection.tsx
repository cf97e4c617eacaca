import type { VNode } from 'preact';
import { connection, lostSince, open, wasUpgraded } from '../api/live.js';
import { clockTime } from '../parts/time.js';

/** Whether what is shown is live, and if not, of when it is. */
export function ConnectionMark(): VNode {
  const since = lostSince.value;
  return (
    <output class="connection" data-connection={connection.value}>
      {connection.value === 'live' && <span class="ok">● live</span>}
      {connection.value === 'connecting' && <span class="idle">○ connecting</span>}
      {connection.value === 'lost' && (
        <>
          <span class="warn">◌ as of {since === null ? '–' : clockTime(since)}</span>{' '}
          <button type="button" class="quiet" onClick={open}>
            Reconnect
          </button>
        </>
      )}
    </output>
  );
}

/** Asks to load the pages again after the server was upgraded. */
export function UpgradeBar(): VNode | null {
  if (!wasUpgraded.value) return null;
  return (
    <div class="bar" role="status">
      Slipway was upgraded.{' '}
      <button type="button" onClick={() => location.reload()}>
        Reload this page
      </button>
    </div>
  );
}
