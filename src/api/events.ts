import Type from 'typebox';
import type { ApiDeps } from './deps.js';
import { clientTypes, eventFilter } from './event-filter.js';
import { createEventHistory } from './event-history.js';
import { createEventStream } from './event-stream.js';
import { onceOver } from './once-over.js';
import { onceRevoked } from './once-revoked.js';
import { createQueueCounts } from './queue-counts.js';
import { answers, plainAnswer, type App } from './route.js';

const HEARTBEAT_MS = 15_000;

const only = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: `Only events of ${description}.` }));

const schema = {
  operationId: 'followEvents',
  tags: ['events'],
  summary: 'Changes as server-sent events',
  description:
    'The first is `event: hello` with `{version, revision}`: the version of the server, and the `id:` of the newest event. ' +
    '`event: build` with `{id, service, branch, status}`, `step` with `{id, service, index, name, status}` (`id` is that of the build, `status` is ' +
    '`started` or `finished`), `queue` with `{running, queued}`, `delivery` with `{id, status}`, `deployment` with ' +
    '`{id, service, environment, status}`, `observation` with `{environment, host, reachable}`, `hold` with `{environment}`, `webhook` with `{}`: a ' +
    'ping was taken, or a webhook request was refused, `configuration` with `{}`: read the state again. `log` with `{id}` says that a build or deployment has more log, and is sent only to clients that name it.\n\n' +
    'An event comes if it passes each filter that is given. One that lacks a filtered field passes only if `types` names its type: `service=shop` ' +
    'brings no `delivery`, `service=shop&types=build,delivery` brings every one. While much changes, several changes of the same build, ' +
    'step, delivery, deployment or host come as the newest one.\n\n' +
    'Each but `log` has an `id:`. A client that connects again with the last one as `Last-Event-ID` gets what it missed and what passes its ' +
    'filters, the newest of each subject. If the server does not hold that any more, or was started again, it sends one `event: reset` instead: ' +
    'read the lists again. A client that does not read fast enough is disconnected, and ' +
    'one whose token or session is over.',
  querystring: Type.Object({
    types: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: `Types with commas between them, of ${clientTypes.join(', ')}. Default: all.`,
      }),
    ),
    service: only('this service'),
    build: only('the build with this id, also its log'),
    deployment: only('the deployment with this id, also its log'),
    environment: only('this environment'),
  }),
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
  const { stopping } = deps;
  const history = createEventHistory(deps);
  const isWatched = () => history.isWatched({ type: 'queue', running: 0, queued: 0 });
  const counts = createQueueCounts(deps, isWatched);
  app.addHook('onClose', async () => {
    history.close();
    counts.close();
  });
  app.get('/api/v1/events', { schema, config: { access: 'read' }, exposeHeadRoute: false }, (request, reply) => {
    const filter = eventFilter(request.query);
    app.held.hold(reply);
    const lastId = request.headers['last-event-id'];
    const stream = createEventStream({ history, filter, lastId, stopping, heartbeatMs: HEARTBEAT_MS });
    counts.ask();
    onceOver(reply, () => stream.destroy());
    onceRevoked(reply, deps, () => stream.destroy());
    return reply
      .type('text/event-stream')
      .header('cache-control', 'no-cache')
      .header('x-accel-buffering', 'no') // nginx would hold the events back
      .send(stream);
  });
}
