import Type from 'typebox';
import { SlipwayError } from '../errors.js';
import type { ApiDeps } from './deps.js';
import { PageQuery, pageRequest, ServiceParams } from './fields.js';
import { knownService } from './known-service.js';
import { renderRelease } from './render-release.js';
import { answers, plainAnswer, type App } from './route.js';
import { schemas } from './schemas.js';

const tags = ['releases'];

const listSchema = {
  operationId: 'listReleases',
  tags,
  summary: 'Releases of a service, newest first',
  description:
    'A release is an image with the run file that belongs to it. Its number counts over all branches of the service.',
  params: ServiceParams,
  querystring: PageQuery,
  response: answers(
    { 200: Type.Object({ releases: Type.Array(schemas.release), nextCursor: schemas.nullable(Type.String()) }) },
    ['unknown-service'],
  ),
};
const getSchema = {
  operationId: 'getRelease',
  tags,
  summary: 'One release',
  params: Type.Object({ service: Type.String(), number: Type.String() }),
  response: answers({ 200: schemas.release }, ['unknown-service', 'unknown-release']),
};

const composeSchema = {
  operationId: 'getEffectiveRunFile',
  tags,
  summary: 'The run file of a release as it is in force in an environment',
  description:
    'A Compose file with everything written out: the image by its digest, defaults, and secrets as `${NAME}`. `faults` of a problem lists all that is wrong with a run file: code, message, file, line, column and setting. Needs a token even if reading is open to everybody.',
  params: Type.Object({ service: Type.String(), number: Type.String() }),
  querystring: Type.Object({ environment: Type.String({ description: 'Name of the environment.' }) }),
  response: answers({ 200: plainAnswer('application/yaml', 'The effective run file.') }, [
    'unknown-service',
    'unknown-release',
    'unknown-environment',
    'service-not-in-environment',
    'run-file-invalid',
    'run-file-not-allowed',
    'variable-missing',
  ]),
};

/** What may be run of each service. */
export function releaseRoutes(app: App, deps: ApiDeps): void {
  const config = { access: 'read' } as const;

  app.get('/api/v1/releases/:service', { schema: listSchema, config }, async ({ params, query }) => {
    const { name } = knownService(deps, params.service);
    const page = await deps.store.releases.page({ service: name, ...pageRequest(query) });
    return { releases: page.items.map(renderRelease), nextCursor: page.nextCursor };
  });
  app.get('/api/v1/releases/:service/:number', { schema: getSchema, config }, async ({ params }) => {
    const { name } = knownService(deps, params.service);
    const release = await deps.store.releases.get(name, numberOf(params.number));
    if (release !== null) return renderRelease(release);
    throw unknownRelease(name, params.number);
  });
  const named = { access: 'named' } as const;
  const url = '/api/v1/releases/:service/:number/compose';
  app.get(url, { schema: composeSchema, config: named }, async ({ params, query: { environment } }, reply) => {
    const { name } = knownService(deps, params.service);
    const release = numberOf(params.number);
    if (release === 0) throw unknownRelease(name, params.number);
    const text = await deps.operations.compose({ service: name, release, environment });
    return reply.type('application/yaml; charset=utf-8').send(text);
  });
}

const unknownRelease = (service: string, number: string) =>
  new SlipwayError('unknown-release', `${service} has no release ${JSON.stringify(number)}.`);

/** 0, which no release has, for what is no number. */
const numberOf = (text: string): number => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0);
