import Type from 'typebox';
import { version } from '../version.js';
import { mayRead } from './auth.js';
import type { ApiDeps } from './deps.js';
import type { Readiness } from '../server/contract.js';
import { answers, openAnswers, plainAnswer, type App } from './route.js';

const tags = ['health'];
const Check = Type.Object({
  ok: Type.Boolean(),
  message: Type.Optional(Type.String({ description: 'What is wrong. For callers who may read.' })),
});
const Ready = Type.Object({
  status: Type.Enum(['ok', 'unavailable', 'stopping']),
  checks: Type.Object({
    engine: Check,
    registry: Check,
    store: Check,
    git: Check,
    disk: Check,
    setAside: Check,
    configuration: Check,
    waiting: Check,
    hosts: Check,
  }),
});

const aliveSchema = {
  operationId: 'isAlive',
  tags,
  summary: 'Whether the process answers, and its version',
  response: openAnswers({ 200: Type.Object({ status: Type.Literal('ok'), version: Type.String() }) }),
};
const readySchema = {
  operationId: 'isReady',
  tags,
  summary: 'Whether everything that builds need is there, each by name',
  description:
    'Needs no token. Messages are shown to callers who may read. `setAside`, `configuration`, `waiting` and `hosts` are always ok: their messages ' +
    'name what was set aside, a changed configuration that was not taken, what looks and builds wait for and until when, and hosts that are away.',
  response: openAnswers({ 200: Ready, 503: Ready }),
};
const metricsSchema = {
  operationId: 'getMetrics',
  tags,
  summary: 'Metrics for Prometheus',
  response: answers({ 200: plainAnswer('text/plain', 'Prometheus text format.') }),
};

/** `/healthz`, `/readyz`, `/metrics`. */
export function healthRoutes(app: App, deps: ApiDeps): void {
  app.get('/healthz', { schema: aliveSchema, config: { access: 'open' } }, async () => ({
    status: 'ok' as const,
    version,
  }));
  app.get('/readyz', { schema: readySchema, config: { access: 'open' } }, async (request, reply) => {
    const checks = await deps.readiness.check();
    const allOk = Object.values(checks).every((check) => check.ok);
    const status = deps.stopping.aborted ? 'stopping' : allOk ? 'ok' : 'unavailable';
    return reply
      .status(status === 'ok' ? 200 : 503)
      .send({ status, checks: mayRead(request, deps) ? checks : withoutMessages(checks) });
  });
  app.get('/metrics', { schema: metricsSchema, config: { access: 'metrics' } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.renderMetrics()),
  );
}

type Checks = Awaited<ReturnType<Readiness['check']>>;

/** Messages name hosts, folders and sizes. */
function withoutMessages({ engine, registry, store, git, disk, setAside, configuration, waiting, hosts }: Checks) {
  const bare = ({ ok }: Checks['engine']) => ({ ok });
  return {
    engine: bare(engine),
    registry: bare(registry),
    store: bare(store),
    git: bare(git),
    disk: bare(disk),
    setAside: bare(setAside),
    configuration: bare(configuration),
    waiting: bare(waiting),
    hosts: bare(hosts),
  };
}
