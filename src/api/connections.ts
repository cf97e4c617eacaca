import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';
import type { Log } from '../log.js';
import type { App } from './route.js';

/** Milliseconds between log lines about refused connections. */
const LOG_EVERY_MS = 60_000;

/** Refuses connections beyond `maxConnections` and logs it once a minute. */
export function installConnectionLimit(
  app: App,
  maxConnections: number,
  { clock, log }: { clock: Clock; log: Log },
): void {
  let refused = 0;
  let loggedAt = -Infinity;
  app.server.maxConnections = maxConnections;
  app.server.on('drop', () => {
    refused += 1;
    if (Math.abs(clock.now() - loggedAt) < LOG_EVERY_MS) return;
    log.warn({ refused, limit: maxConnections }, 'connections refused: as many are open as the limit allows');
    loggedAt = clock.now();
    refused = 0;
  });
}

/**
 * Lets the server handle what Node would answer itself: an unknown expectation, which may be ignored (RFC 9110, 10.1.1), and a request
 * without `Host` (RFC 9112, 3.2).
 */
export function installOwnAnswers(app: App): void {
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.addHook('onRequest', (request, _reply, done) => {
    const { httpVersion, headers } = request.raw;
    if (httpVersion === '1.1' && headers.host === undefined) {
      throw new SlipwayError('invalid-request', 'A request must have the header "Host".');
    }
    done();
  });
}
