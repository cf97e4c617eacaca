import type { ApiDeps } from './deps.js';
import { createEventStream } from './event-stream.js';
import { onceOver } from './once-over.js';
import { answers, plainAnswer, type App } from './route.js';

const HEARTBEAT_MS = 15_000;

const schema = {
  operationId: 'followEvents',
  tags: ['events'],
  summary: 'Build and delivery changes as server-sent events',
  description: '`event: build` with `{id, service, branch, status}`, `event: delivery` with `{id, status}`.',
  response: answers({ 200: plainAnswer('text/event-stream', 'Open until the client leaves or the server stops.') }, [
    'too-many-requests',
  ]),
};

/** `GET /api/v1/events`. */
export function eventRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/events', { schema, config: { access: 'read' }, exposeHeadRoute: false }, (_request, reply) => {
    app.held.hold(reply);
    const { events, stopping } = deps;
    const stream = createEventStream({ events, stopping, heartbeatMs: HEARTBEAT_MS });
    onceOver(reply, () => stream.destroy());
    return reply
      .type('text/event-stream')
      .header('cache-control', 'no-cache')
      .header('x-accel-buffering', 'no') // nginx would hold the events back
      .send(stream);
  });
}
