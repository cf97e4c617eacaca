import Type from 'typebox';
import { SlipwayError } from '../errors.js';
import { receiveForm } from './build-form.js';
import type { ApiDeps } from './deps.js';
import type { BuildCall } from '../operations/contract.js';
import { fields, KeyHeaders, keyOf } from './fields.js';
import { knownService } from './known-service.js';
import { renderDecision } from './render.js';
import { answers, asksGit, described, posted, type App } from './route.js';
import { schemas } from './schemas.js';
import { showBuild } from './show.js';

const callFields = {
  service: Type.String({ minLength: 1 }),
  branch: fields.optionalBranch,
  commit: fields.optionalCommit,
  version: fields.optionalText,
  callbackUrl: fields.optionalText,
};
const Call = Type.Object(callFields, { additionalProperties: false });
type Call = Type.Static<typeof Call>;
/** For the documentation: the file has been removed from the form before the check. */
const Form = Type.Object(
  { ...callFields, artifact: Type.Optional(Type.Unsafe<never>({ type: 'string', format: 'binary' })) },
  { additionalProperties: false },
);

const schema = {
  operationId: 'requestBuild',
  tags: ['builds'],
  summary: "Jenkins' call",
  description:
    'With an artifact: builds it. Without one: looks again, and answers 200 with the decision where that is a skip.',
  headers: KeyHeaders,
  body: { content: { 'application/json': { schema: Call }, 'multipart/form-data': { schema: Form } } },
  response: answers(
    {
      200: Type.Object({ decision: schemas.decision }, { description: 'Nothing to build, and why.' }),
      202: described(schemas.build, 'Queued; `Location` is its address.'),
    },
    [
      'unsafe-path',
      'unknown-service',
      'idempotency-conflict',
      'artifact-too-large',
      'branch-required',
      'unknown-revision',
      'artifact-unexpected',
      'callback-not-allowed',
      'low-disk',
      'dockerfiles-unavailable',
      ...asksGit,
      ...posted,
    ],
  ),
};

/** `POST /api/v1/builds`: how Jenkins hands over an artifact, or asks for another look. */
export function buildCallRoutes(app: App, deps: ApiDeps): void {
  app.route({
    method: 'POST',
    url: '/api/v1/builds',
    schema,
    config: { access: 'build' },
    preValidation: async (request) => {
      if (request.isMultipart()) await receiveForm(request, deps.artifacts);
      else requireJson(request.headers['content-type']);
    },
    // An upload without a build is not kept.
    onError: async (request) => {
      if (request.upload) await deps.artifacts.discard(request.upload);
    },
    handler: async (request, reply) => {
      const body = request.body as Call;
      const key = keyOf(request.headers);
      const call = toBuildCall(body, { artifact: request.upload, idempotencyKey: key, by: request.caller });
      knownService(deps, call.service);
      const result = await deps.operations.call(call);
      if ('decision' in result) return reply.status(200).send({ decision: renderDecision(result.decision) });
      deps.log.info({ build: result.build.id, service: call.service, by: call.by }, 'build asked for');
      const location = `/api/v1/builds/${result.build.id}`;
      return reply
        .status(202)
        .header('location', location)
        .send(await showBuild(deps, result.build));
    },
  });
}

/** The body's schema depends on its content type: a call without one would not be checked. */
function requireJson(contentType: string | undefined): void {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return;
  throw new SlipwayError(
    'invalid-request',
    'A body in JSON or multipart/form-data with the field "service" is required.',
  );
}

function toBuildCall(body: Call, rest: Pick<BuildCall, 'artifact' | 'idempotencyKey' | 'by'>): BuildCall {
  const { service, branch = null, commit = null, version = null, callbackUrl = null } = body;
  return { service, branch, commit, version, callbackUrl, ...rest };
}
