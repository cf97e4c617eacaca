import type { Clock } from '../../clock.js';
import type { LiveConfig } from '../../config/live-config.js';
import type { Watched } from '../../pipeline/report/work-metrics.js';
import { diskOf } from '../../server/readiness.js';
import type { Store } from '../../store/contract.js';

/** Metrics count no further. */
const MAX_WAITS = 1_000;

export interface WatchedDeps {
  readonly store: Pick<Store, 'housekeeping'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly dataDir: string;
  readonly live: Pick<LiveConfig, 'current'>;
}

/** What metrics ask of the state of Slipway at each scrape. */
export const watched = ({ store, clock, dataDir, live }: WatchedDeps): Pick<Watched, 'waits' | 'disk'> => ({
  waits: () => store.housekeeping.waits(clock.now(), MAX_WAITS),
  disk: () => diskOf(dataDir, live.current().limits.freeDisk),
});
