import type { Log } from '../log.js';
import type { App } from './route.js';

/** Probes call these every few seconds, so they are not logged. */
const quiet = new Set(['/healthz', '/readyz', '/metrics']);

/** Gives each answer its request's id, and logs each request once. */
export function installRequestLog(app: App, log: Log): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const { id, method, caller } = request;
    const bindings = {
      request: id,
      method,
      path,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      by: caller,
    };
    if (quiet.has(path)) log.debug(bindings, 'request answered');
    else log.info(bindings, 'request answered');
  });
}
