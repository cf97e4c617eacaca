import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import type { App } from './route.js';

/** Between two lines in the log about connections that were refused, in milliseconds. */
const TELL_EVERY_MS = 60_000;

/** Refuses connections beyond `most`, and tells of it once a minute. */
export function installConnectionLimit(app: App, most: number, { clock, log }: { clock: Clock; log: Log }): void {
  let refused = 0;
  let toldAt = -Infinity;
  app.server.maxConnections = most;
  app.server.on('drop', () => {
    refused += 1;
    if (Math.abs(clock.now() - toldAt) < TELL_EVERY_MS) return;
    log.warn({ refused, limit: most }, 'Connections are refused: as many are open as may be.');
    toldAt = clock.now();
    refused = 0;
  });
}
