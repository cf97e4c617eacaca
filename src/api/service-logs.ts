import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import Type from 'typebox';
import { abortWith } from '../clock.js';
import { SlipwayError } from '../errors.js';
import type { ApiDeps } from './deps.js';
import { knownEnvironment, requireHost } from './known-environment.js';
import { knownService } from './known-service.js';
import { onceOver } from './once-over.js';
import { onceRevoked } from './once-revoked.js';
import { answers, plainAnswer, type App } from './route.js';

const USUAL_TAIL = 100;

const schema = {
  operationId: 'getServiceLogs',
  tags: ['environments'],
  summary: 'What the containers of a service write',
  description:
    'Each line is `<host> | …`. Secrets are `***`, control characters are escapes. A host that is away has a line that says so. Needs a token, ' +
    'even if anonymous reading is allowed.',
  params: Type.Object({ environment: Type.String(), service: Type.String() }),
  querystring: Type.Object({
    host: Type.Optional(Type.String({ description: 'Only this host.' })),
    tail: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000, description: `Last lines of each host. Default: ${USUAL_TAIL}.` }),
    ),
    follow: Type.Optional(
      Type.Boolean({ description: 'Go on, also when another container takes the place of the one that ended.' }),
    ),
  }),
  response: answers({ 200: plainAnswer('text/plain', 'The last lines, or live.') }, [
    'unknown-environment',
    'unknown-host',
    'unknown-service',
    'service-not-in-environment',
    'host-unreachable',
    'too-many-requests',
  ]),
};

/** `GET /api/v1/environments/:environment/services/:service/logs`. */
export function serviceLogRoutes(app: App, deps: ApiDeps): void {
  const url = '/api/v1/environments/:environment/services/:service/logs';
  const options = { schema, config: { access: 'named' }, exposeHeadRoute: false } as const;
  app.get(url, options, async ({ params, query: { host = null, tail = USUAL_TAIL, follow = false } }, reply) => {
    const environment = knownEnvironment(deps, params.environment);
    if (host !== null) requireHost(environment, host);
    requireService(deps, params.service, environment.name);
    app.held.hold(reply);
    const over = new AbortController();
    // Each host listens to it.
    setMaxListeners(0, over.signal);
    const unlink = abortWith(over, deps.stopping);
    onceOver(reply, () => {
      unlink();
      over.abort();
    });
    onceRevoked(reply, deps, () => over.abort());
    const call = { environment, service: params.service, host, tail, follow };
    const lines = await deps.serviceLogs.open(call, over.signal);
    return reply.type('text/plain; charset=utf-8').send(Readable.from(lines));
  });
}

/** Passes too if the service has left the configuration and its containers are still there. */
function requireService(deps: ApiDeps, name: string, environment: string): void {
  const seen = deps.observations.all().filter((one) => one.environment === environment);
  if (seen.some((one) => one.seen?.own.some(({ service }) => service === name))) return;
  if (knownService(deps, name).deploy?.environments.includes(environment)) return;
  const setting = `services.${name}.deploy.environments`;
  throw new SlipwayError(
    'service-not-in-environment',
    `${name} is not deployed in ${environment}: see \`${setting}\`.`,
  );
}
