import Type from 'typebox';
import { deploymentStatuses, type Deployment } from '../model/deployment.js';
import { requireEnvironment } from './auth.js';
import { clientGone } from './client-gone.js';
import { callCodes } from './deployment-codes.js';
import { deploymentSchema } from './deployment-schema.js';
import type { ApiDeps } from './deps.js';
import { fields, IdParams, KeyHeaders, keyOf, LogQuery, PageQuery, pageRequest, WaitQuery } from './fields.js';
import { knownDeployment } from './known-deployment.js';
import { answers, posted, type App } from './route.js';
import { schemas } from './schemas.js';
import { logAnswer, sendLog } from './send-log.js';
import { showDeployment, showDeployments } from './show-deployment.js';
import { waitUntilEnded } from './until-ended.js';

const tags = ['deployments'];

const listSchema = {
  operationId: 'listDeployments',
  tags,
  summary: 'Deployments, newest first',
  querystring: Type.Object({
    service: Type.Optional(Type.String()),
    environment: Type.Optional(Type.String()),
    status: Type.Optional(Type.Enum([...deploymentStatuses])),
    ...PageQuery.properties,
  }),
  response: answers({
    200: Type.Object({ deployments: Type.Array(deploymentSchema), nextCursor: schemas.nullable(Type.String()) }),
  }),
};
const getSchema = {
  operationId: 'getDeployment',
  tags,
  summary: 'One deployment; with `wait`, when it has ended',
  params: IdParams,
  querystring: WaitQuery,
  response: answers({ 200: deploymentSchema }, ['unknown-deployment', 'too-many-requests']),
};
const logSchema = {
  operationId: 'getDeploymentLog',
  tags,
  summary: "A deployment's log",
  params: IdParams,
  querystring: LogQuery,
  response: answers({ 200: logAnswer }, ['unknown-deployment', 'too-many-requests']),
};
const cancelSchema = {
  operationId: 'cancelDeployment',
  tags,
  summary: 'Stop a deployment',
  description: 'One that has begun goes back to what ran before.',
  params: IdParams,
  response: answers({ 202: deploymentSchema }, ['unknown-deployment', 'deployment-finished', ...posted]),
};
const retrySchema = {
  operationId: 'retryDeployment',
  tags,
  summary: "Deploy the same release again with today's settings",
  description: 'Without `reference` and `reason`, those of the earlier deployment are taken over.',
  params: IdParams,
  headers: KeyHeaders,
  body: Type.Object(
    { force: fields.optionalFlag, reference: fields.optionalText, reason: fields.optionalText },
    { additionalProperties: false },
  ),
  response: answers({ 202: deploymentSchema }, [
    'unknown-deployment',
    'deployment-in-progress',
    'rollback-impossible',
    ...callCodes,
  ]),
};

const ended = ({ finishedAt }: Deployment): boolean => finishedAt !== null;

/** What became of tickets. */
export function deploymentRoutes(app: App, deps: ApiDeps): void {
  const read = { access: 'read' } as const;
  const write = { access: 'deploy' } as const;
  const subject = (id: string) => ({ type: 'deployment', id, read: () => knownDeployment(deps, id), ended }) as const;

  app.get('/api/v1/deployments', { schema: listSchema, config: read }, async ({ query }) => {
    const page = await deps.store.deployments.page({ ...query, ...pageRequest(query) });
    return { deployments: await showDeployments(deps, page.items), nextCursor: page.nextCursor };
  });
  app.get('/api/v1/deployments/:id', { schema: getSchema, config: read }, async ({ params, query }, reply) => {
    const deployment = await knownDeployment(deps, params.id);
    if (!query.wait || ended(deployment)) return showDeployment(deps, deployment);
    app.held.hold(reply);
    const gone = clientGone(reply);
    return showDeployment(deps, await waitUntilEnded(subject(params.id), query.wait * 1000, gone, deps));
  });
  app.get(
    '/api/v1/deployments/:id/log',
    { schema: logSchema, config: read, exposeHeadRoute: false },
    async ({ params, query }, reply) => {
      const { id } = await knownDeployment(deps, params.id);
      const chunks = (from: number) => deps.store.deployments.logChunks(id, from);
      return sendLog({ app, reply, deps }, query, subject(id), chunks);
    },
  );
  app.post('/api/v1/deployments/:id/cancel', { schema: cancelSchema, config: write }, async (request, reply) => {
    const { id, environment } = await knownDeployment(deps, request.params.id);
    requireEnvironment(request, environment);
    return reply.status(202).send(await showDeployment(deps, await deps.deploying.cancel(id, request.caller)));
  });
  app.post('/api/v1/deployments/:id/retry', { schema: retrySchema, config: write }, async (request, reply) => {
    const { id, environment } = await knownDeployment(deps, request.params.id);
    requireEnvironment(request, environment);
    const { force, reference = null, reason = null } = request.body;
    const call = { by: request.caller, force: force ?? false, reference, reason };
    const deployment = await deps.deploying.retry(id, call, keyOf(request.headers));
    return reply
      .status(202)
      .header('location', `/api/v1/deployments/${deployment.id}`)
      .send(await showDeployment(deps, deployment));
  });
}
