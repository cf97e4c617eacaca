import Type from 'typebox';
import type { ApiDeps } from './deps.js';
import { fields, KeyHeaders, keyOf, ServiceParams } from './fields.js';
import { knownService } from './known-service.js';
import { answers, asksGit, posted, type App } from './route.js';
import { schemas } from './schemas.js';
import { showBuild } from './show.js';

const schema = {
  operationId: 'rebuild',
  tags: ['builds'],
  summary: 'Build a service now',
  description: "Builds for real: an existing image is not reused. The engine's layer cache is, unless `noCache`.",
  params: ServiceParams,
  headers: KeyHeaders,
  body: Type.Object(
    { branch: fields.optionalBranch, commit: fields.optionalCommit, noCache: fields.optionalFlag },
    { additionalProperties: false },
  ),
  response: answers({ 202: schemas.build }, [
    'unknown-service',
    'branch-required',
    'unknown-revision',
    'idempotency-conflict',
    'dockerfiles-unavailable',
    ...asksGit,
    ...posted,
  ]),
};

/** `POST /rebuild/:service`: the manual trigger. */
export function rebuildRoutes(app: App, deps: ApiDeps): void {
  app.post('/rebuild/:service', { schema, config: { access: 'build' } }, async (request, reply) => {
    const { name } = knownService(deps, request.params.service);
    const { branch = null, commit = null, noCache } = request.body;
    const call = { service: name, branch, commit, noCache: noCache ?? false, by: request.caller };
    const build = await deps.operations.rebuild(call, keyOf(request.headers));
    deps.log.info({ build: build.id, service: name, by: request.caller }, 'rebuild asked for');
    return reply
      .status(202)
      .header('location', `/api/v1/builds/${build.id}`)
      .send(await showBuild(deps, build));
  });
}
