import Type from 'typebox';
import type { ApiDeps } from './deps.js';
import { createEventHistory } from './event-history.js';
import { createEventStream } from './event-stream.js';
import { onceOver } from './once-over.js';
import { answers, plainAnswer, type App } from './route.js';

const HEARTBEAT_MS = 15_000;

const schema = {
  operationId: 'followEvents',
  tags: ['events'],
  summary: 'Changes of builds, deliveries, deployments and hosts as server-sent events',
  description:
    'The first is `event: hello` with `{version, revision}`: the version of the server, and the `id:` of the newest event. ' +
    '`event: build` with `{id, service, branch, status}`, `event: delivery` with `{id, status}`, `event: deployment` with ' +
    '`{id, service, environment, status}`, `event: observation` with `{environment, host, reachable}`. Each has an `id:`. A client that connects ' +
    'again with the last one as `Last-Event-ID` gets what it missed. If the server does not hold that any more, or was started again, it ' +
    'sends one `event: reset` instead: read the lists again.',
  headers: Type.Object({
    'last-event-id': Type.Optional(
      Type.String({ description: 'The last `id:` received. Browsers send it themselves.' }),
    ),
  }),
  response: answers({ 200: plainAnswer('text/event-stream', 'Open until the client leaves or the server stops.') }, [
    'too-many-requests',
  ]),
};

/** `GET /api/v1/events`. */
export function eventRoutes(app: App, deps: ApiDeps): void {
  const { events, stopping } = deps;
  const history = createEventHistory(events);
  app.addHook('onClose', async () => history.close());
  app.get('/api/v1/events', { schema, config: { access: 'read' }, exposeHeadRoute: false }, (request, reply) => {
    app.held.hold(reply);
    const lastId = request.headers['last-event-id'];
    const stream = createEventStream({ history, lastId, stopping, heartbeatMs: HEARTBEAT_MS });
    onceOver(reply, () => stream.destroy());
    return reply
      .type('text/event-stream')
      .header('cache-control', 'no-cache')
      .header('x-accel-buffering', 'no') // nginx would hold the events back
      .send(stream);
  });
}
