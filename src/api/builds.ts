import Type from 'typebox';
import { SlipwayError } from '../errors.js';
import { buildSubject, ended, waitForEnd } from './build-wait.js';
import { knownBuild } from './known-build.js';
import { clientGone } from './client-gone.js';
import type { ApiDeps } from './deps.js';
import { fields, IdParams, KeyHeaders, keyOf, LogQuery, PageQuery, pageRequest, WaitQuery } from './fields.js';
import { answers, asksGit, plainAnswer, posted, type App } from './route.js';
import { schemas } from './schemas.js';
import { logAnswer, sendLog } from './send-log.js';
import { showBuild, showBuilds } from './show.js';

const tags = ['builds'];
const Status = Type.Enum(['queued', 'running', 'succeeded', 'failed', 'canceled', 'superseded']);

const listSchema = {
  operationId: 'listBuilds',
  tags,
  summary: 'Builds, newest first',
  querystring: Type.Object({
    service: Type.Optional(Type.String()),
    repository: Type.Optional(fields.repository),
    branch: Type.Optional(fields.branch),
    commit: Type.Optional(fields.commitStart),
    status: Type.Optional(Status),
    ...PageQuery.properties,
  }),
  response: answers({
    200: Type.Object({ builds: Type.Array(schemas.build), nextCursor: schemas.nullable(Type.String()) }),
  }),
};
const getSchema = {
  operationId: 'getBuild',
  tags,
  summary: 'One build; with `wait`, when it has ended',
  params: IdParams,
  querystring: WaitQuery,
  response: answers({ 200: schemas.build }, ['unknown-build', 'too-many-requests']),
};
const logSchema = {
  operationId: 'getBuildLog',
  tags,
  summary: "A build's log",
  params: IdParams,
  querystring: LogQuery,
  response: answers({ 200: logAnswer }, ['unknown-build', 'too-many-requests']),
};
const dockerfileSchema = {
  operationId: 'getBuildDockerfile',
  tags,
  summary: 'The Dockerfile that a build used',
  description: 'Known once the build has read it, and kept as long as its log (`retention.logs`).',
  params: IdParams,
  response: answers({ 200: plainAnswer('text/plain', 'Its text.') }, ['unknown-build', 'dockerfile-not-kept']),
};
const cancelSchema = {
  operationId: 'cancelBuild',
  tags,
  summary: 'Stop a build',
  params: IdParams,
  response: answers({ 202: schemas.build }, ['unknown-build', 'build-finished', ...posted]),
};
const retrySchema = {
  operationId: 'retryBuild',
  tags,
  summary: 'Build the same commit and artifact again',
  params: IdParams,
  headers: KeyHeaders,
  response: answers({ 202: schemas.build }, [
    'unknown-build',
    'unknown-service',
    'build-unfinished',
    'idempotency-conflict',
    'artifact-missing',
    'dockerfiles-unavailable',
    ...asksGit,
    ...posted,
  ]),
};

export function buildRoutes(app: App, deps: ApiDeps): void {
  const read = { access: 'read' } as const;
  const write = { access: 'build' } as const;

  app.get('/api/v1/builds', { schema: listSchema, config: read }, async ({ query }) => {
    const page = await deps.store.builds.page({ ...query, ...pageRequest(query) });
    return { builds: await showBuilds(deps, page.items), nextCursor: page.nextCursor };
  });
  app.get('/api/v1/builds/:id', { schema: getSchema, config: read }, async ({ params, query }, reply) => {
    const build = await knownBuild(deps, params.id);
    if (!query.wait || ended(build)) return showBuild(deps, build);
    app.held.hold(reply);
    return showBuild(deps, await waitForEnd(deps, build, query.wait * 1000, clientGone(reply)));
  });
  app.get(
    '/api/v1/builds/:id/log',
    { schema: logSchema, config: read, exposeHeadRoute: false },
    async ({ params, query }, reply) => {
      const { id } = await knownBuild(deps, params.id);
      const subject = buildSubject(deps, id);
      return sendLog({ app, reply, deps }, query, subject, (from) => deps.store.logs.chunks(id, from));
    },
  );
  app.get('/api/v1/builds/:id/dockerfile', { schema: dockerfileSchema, config: read }, async ({ params }, reply) => {
    const { id } = await knownBuild(deps, params.id);
    const text = await deps.store.builds.dockerfile(id);
    if (text === null) throw new SlipwayError('dockerfile-not-kept', `The Dockerfile of the build ${id} is not kept.`);
    return reply.type('text/plain; charset=utf-8').send(text);
  });
  app.post('/api/v1/builds/:id/cancel', { schema: cancelSchema, config: write }, async (request, reply) => {
    const build = await deps.operations.cancel(request.params.id, request.caller);
    deps.log.info({ build: build.id, service: build.service, by: request.caller }, 'build canceled');
    return reply.status(202).send(await showBuild(deps, build));
  });
  app.post('/api/v1/builds/:id/retry', { schema: retrySchema, config: write }, async (request, reply) => {
    const build = await deps.operations.retry(request.params.id, request.caller, keyOf(request.headers));
    deps.log.info({ build: build.id, of: request.params.id, by: request.caller }, 'retry asked for');
    return reply
      .status(202)
      .header('location', `/api/v1/builds/${build.id}`)
      .send(await showBuild(deps, build));
  });
}
