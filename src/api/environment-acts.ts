import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { requireConfirmation } from '../operations/deploy/acts.js';
import type { ActCall } from '../operations/deploy/contract.js';
import { requireEnvironment, requireScope } from './auth.js';
import { callCodes } from './deployment-codes.js';
import { DeploymentPlanSchema, deploymentSchema } from './deployment-schema.js';
import type { ApiDeps } from './deps.js';
import { fields, KeyHeaders, keyOf } from './fields.js';
import { knownEnvironment } from './known-environment.js';
import { renderDeploymentPlan } from './render-deployment.js';
import { answers, described, type App } from './route.js';
import { showDeployment } from './show-deployment.js';

const params = Type.Object({ environment: Type.String(), service: Type.String() });
const accepted = { 202: described(deploymentSchema, 'Pending; `Location` is its address.') };

const schemaOf = (operationId: string, summary: string) => ({
  operationId,
  tags: ['environments'],
  summary,
  params,
  headers: KeyHeaders,
  response: answers(accepted, callCodes),
});

const rollbackSchema = {
  ...schemaOf('rollBackService', 'Go back to a release that ran well there'),
  description:
    "To what is deployed while a deployment runs, which is canceled; else to what was deployed before; or to the verified `release`. Its image and run file with today's settings, or with `useKept` the containers that were kept, as they are. `dryRun` answers with the plan and needs the scope `read` only.",
  body: Type.Object(
    { release: fields.optionalNumber, useKept: fields.optionalFlag, dryRun: fields.optionalFlag },
    { additionalProperties: false },
  ),
  response: answers({ 200: described(DeploymentPlanSchema, 'With `dryRun`: what would be done.'), ...accepted }, [
    'rollback-impossible',
    ...callCodes,
  ]),
};
const adoptSchema = {
  ...schemaOf('adoptObserved', 'Make what runs there what should run'),
  description:
    'With the settings that it has; nothing is changed on the hosts. `force`: also a release that is blocked there, and containers that name this instance without its seal.',
  body: Type.Object({ force: fields.optionalFlag }, { additionalProperties: false }),
  response: answers(accepted, ['owned-by-other', 'unknown-revision', ...callCodes]),
};
const removeSchema = {
  ...schemaOf('removeService', 'Stop a service there for good; images are kept'),
  description: '`confirm`, in the body or the query, is the name of the service.',
  querystring: Type.Object({ confirm: Type.Optional(Type.String()) }),
  body: Type.Object({ confirm: fields.optionalText }, { additionalProperties: false }),
};

const controls = [
  ['restart', schemaOf('restartService', 'Start its containers again')],
  ['stop', schemaOf('stopService', 'Stop its containers until it is started or deployed again')],
  ['start', schemaOf('startService', 'Start its containers after a stop')],
] as const;

type Act = ActCall extends infer Call
  ? Call extends ActCall
    ? Omit<Call, 'service' | 'environment' | 'by'>
    : never
  : never;
type ActRequest = FastifyRequest & { readonly params: Type.Static<typeof params> };

/** What is done with a service that is deployed. */
export function environmentActRoutes(app: App, deps: ApiDeps): void {
  const config = { access: 'deploy' } as const;
  const address = '/api/v1/environments/:environment/services/:service';
  const act = async (request: ActRequest, headers: Type.Static<typeof KeyHeaders>, what: Act, reply: FastifyReply) => {
    const { environment, service } = request.params;
    requireEnvironment(request, environment);
    knownEnvironment(deps, environment);
    const call: ActCall = { ...what, service, environment, by: request.caller };
    const deployment = await deps.deploying.act(call, keyOf(headers));
    return reply
      .status(202)
      .header('location', `/api/v1/deployments/${deployment.id}`)
      .send(await showDeployment(deps, deployment));
  };

  app.post(`${address}/rollback`, { schema: rollbackSchema, config: { access: 'named' } }, async (request, reply) => {
    const { release = null, dryRun } = request.body;
    const useKept = request.body.useKept ?? false;
    if (dryRun === true) {
      knownEnvironment(deps, request.params.environment);
      return renderDeploymentPlan(await deps.deploying.planRollback({ ...request.params, release, useKept }));
    }
    requireScope(request, reply, 'deploy');
    return act(request, request.headers, { act: 'rollback', release, useKept }, reply);
  });
  app.post(`${address}/adopt-observed`, { schema: adoptSchema, config }, async (request, reply) =>
    act(request, request.headers, { act: 'adopt', force: request.body.force ?? false }, reply),
  );
  for (const [what, schema] of controls) {
    app.post(`${address}/${what}`, { schema, config }, async (request, reply) =>
      act(request, request.headers, { act: what }, reply),
    );
  }
  app.delete(address, { schema: removeSchema, config }, async (request, reply) => {
    requireConfirmation(request.params.service, request.body.confirm ?? request.query.confirm ?? null);
    return act(request, request.headers, { act: 'remove' }, reply);
  });
}
