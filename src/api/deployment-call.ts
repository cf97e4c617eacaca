import Type from 'typebox';
import type { DeployCall } from '../operations/deploy/contract.js';
import { requireEnvironment, requireScope } from './auth.js';
import { callCodes } from './deployment-codes.js';
import { DeploymentPlanSchema, deploymentSchema } from './deployment-schema.js';
import type { ApiDeps } from './deps.js';
import { fields, KeyHeaders, keyOf } from './fields.js';
import { knownService } from './known-service.js';
import { renderDeploymentPlan } from './render-deployment.js';
import { answers, described, type App } from './route.js';
import { showDeployment } from './show-deployment.js';

const Call = Type.Object(
  {
    service: Type.String({ minLength: 1 }),
    environment: Type.String({ minLength: 1 }),
    branch: fields.optionalBranch,
    commit: fields.optionalCommit,
    version: fields.optionalText,
    release: fields.optionalNumber,
    from: fields.optionalText,
    reference: fields.optionalText,
    reason: fields.optionalText,
    force: fields.optionalFlag,
    adopt: fields.optionalNames,
    callbackUrl: fields.optionalText,
    dryRun: fields.optionalFlag,
  },
  { additionalProperties: false },
);
type Call = Type.Static<typeof Call>;

const schema = {
  operationId: 'requestDeployment',
  tags: ['deployments'],
  summary: 'The ticket: run a release of a service in an environment',
  description:
    'Exactly one of `branch` (the newest release that covers its head, or the one that is being built), `commit` (the newest release that covers ' +
    'it), `version` (a version tag or git tag of the image), `release` (its number) and `from` (an environment: what is deployed there). ' +
    '`dryRun` answers with the plan and needs the scope `read` only. `force` deploys a release that is blocked. `faults` of a problem lists all ' +
    'that is wrong with a run file.',
  headers: KeyHeaders,
  body: Call,
  response: answers(
    {
      200: described(DeploymentPlanSchema, 'With `dryRun`: what would be done. Nothing is recorded.'),
      202: described(deploymentSchema, 'Pending; `Location` is its address.'),
    },
    callCodes,
  ),
};

/** `POST /api/v1/deployments`. */
export function deploymentCallRoutes(app: App, deps: ApiDeps): void {
  app.post('/api/v1/deployments', { schema, config: { access: 'named' } }, async (request, reply) => {
    const { dryRun, ...body } = request.body;
    const isDryRun = dryRun ?? false;
    if (!isDryRun) requireScope(request, reply, 'deploy');
    if (!isDryRun) requireEnvironment(request, body.environment);
    knownService(deps, body.service);
    const call = toDeployCall(body, request.caller);
    if (isDryRun) return reply.status(200).send(renderDeploymentPlan(await deps.deploying.plan(call)));
    const deployment = await deps.deploying.deploy(call, keyOf(request.headers));
    return reply
      .status(202)
      .header('location', `/api/v1/deployments/${deployment.id}`)
      .send(await showDeployment(deps, deployment));
  });
}

function toDeployCall(body: Omit<Call, 'dryRun'>, by: string): DeployCall {
  const { service, environment, branch = null, commit = null, version = null, release = null, from = null } = body;
  const { reference = null, reason = null, force, adopt, callbackUrl = null } = body;
  return {
    service,
    environment,
    target: { branch, commit, version, release, from },
    ...{ reference, reason, force: force ?? false, adopt: adopt ?? [], callbackUrl, by },
  };
}
