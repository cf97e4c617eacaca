import Type from 'typebox';
import { requireEnvironment } from './auth.js';
import { deploymentSchema } from './deployment-schema.js';
import type { ApiDeps } from './deps.js';
import { HoldSchema } from './environment-schema.js';
import { IdParams } from './fields.js';
import { knownDeployment } from './known-deployment.js';
import { knownEnvironment } from './known-environment.js';
import { renderHold } from './render-environment.js';
import { answers, posted, type App } from './route.js';
import { schemas } from './schemas.js';
import { showDeployment } from './show-deployment.js';

const params = Type.Object({ environment: Type.String() });
const holdSchema = {
  operationId: 'holdEnvironment',
  tags: ['environments'],
  summary: 'Hold back deployments',
  description:
    'Until the hold ends, deployments are prepared and wait, and nothing is repaired but hosts that were left out. A rollback, restart, stop or start goes on. Replaces the hold that there is.',
  params,
  body: Type.Object(
    {
      until: Type.Optional(
        schemas.nullable(Type.String({ format: 'date-time', description: 'Default: until it is lifted.' })),
      ),
      reason: Type.String({ minLength: 1, maxLength: 2048 }),
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: HoldSchema }, ['unknown-environment', ...posted]),
};
const liftSchema = {
  operationId: 'liftHold',
  tags: ['environments'],
  summary: 'Lift the hold, if there is one',
  params,
  response: answers({ 204: Type.Null({ description: 'Nobody holds it.' }) }, ['unknown-environment', ...posted]),
};
const approveSchema = {
  operationId: 'approveDeployment',
  tags: ['deployments'],
  summary: 'Approve a deployment',
  description:
    'A token counts once, that of the requester never. An approval lapses after seven days. It counts for what the deployment is about to run: before its release is known, there is nothing to approve of, and nothing is noted.',
  params: IdParams,
  response: answers({ 202: deploymentSchema }, [
    'unknown-deployment',
    'deployment-finished',
    'approval-by-requester',
    ...posted,
  ]),
};

/** Who lets deployments go on, and who holds them back. */
export function gateRoutes(app: App, deps: ApiDeps): void {
  const config = { access: 'deploy' } as const;
  const address = '/api/v1/environments/:environment/hold';

  app.put(address, { schema: holdSchema, config }, async (request) => {
    const { environment } = request.params;
    requireEnvironment(request, environment);
    knownEnvironment(deps, environment);
    const { reason, until } = request.body;
    const at = typeof until === 'string' ? Date.parse(until) : null;
    return renderHold(await deps.deploying.hold({ environment, by: request.caller, reason, until: at }));
  });
  app.delete(address, { schema: liftSchema, config }, async (request, reply) => {
    const { environment } = request.params;
    requireEnvironment(request, environment);
    knownEnvironment(deps, environment);
    await deps.deploying.liftHold(environment, request.caller);
    return reply.status(204).send(null);
  });
  app.post('/api/v1/deployments/:id/approve', { schema: approveSchema, config }, async (request, reply) => {
    const { id, environment } = await knownDeployment(deps, request.params.id);
    requireEnvironment(request, environment);
    return reply.status(202).send(await showDeployment(deps, await deps.deploying.approve(id, request.caller)));
  });
}
