import Type from 'typebox';
import type { Service } from '../model/service.js';
import type { ApiDeps } from './deps.js';
import { PageQuery, pageRequest } from './fields.js';
import { coveringImage, CoveringImage, noImage } from './covering-image.js';
import { knownService } from './known-service.js';
import { namePage } from './name-page.js';
import { answers, asksGit, type App } from './route.js';
import { schemas } from './schemas.js';
import { describeService, summariseServices } from './service-state.js';

const tags = ['services'];
const params = Type.Object({ name: Type.String() });

const listSchema = {
  operationId: 'listServices',
  tags,
  summary: 'Services by name, with the heads that were decided on last',
  description: 'Without branches and git tags that their repository did not have when it was asked last.',
  querystring: PageQuery,
  response: answers({
    200: Type.Object({ services: Type.Array(schemas.service), nextCursor: schemas.nullable(Type.String()) }),
  }),
};
const getSchema = {
  operationId: 'getService',
  tags,
  summary: 'One service, with the heads that its repository has now',
  description: 'Without branches and git tags that its repository no longer has.',
  params,
  response: answers({ 200: schemas.service }, ['unknown-service']),
};
const imageSchema = {
  operationId: 'getCoveringImage',
  tags,
  summary: 'The image that covers a commit',
  description:
    "The commit's own image, or the one that the decision to skip it relied on. `tags` are those that name it now: a branch tag is left out " +
    'once it names another image.',
  params,
  querystring: Type.Object({
    commit: Type.String({
      pattern: '^([0-9a-fA-F]{4,40}|[0-9a-fA-F]{64})$',
      description: 'Commit id in full, or as much of it as no other commit begins with: at least four digits.',
    }),
  }),
  response: answers({ 200: CoveringImage }, ['unknown-service', 'no-image', ...asksGit]),
};

/** What is known of each service and its branches. */
export function serviceRoutes(app: App, deps: ApiDeps): void {
  const config = { access: 'read' } as const;

  app.get('/api/v1/services', { schema: listSchema, config }, async ({ query }) => {
    const page = namePage([...deps.services().keys()], pageRequest(query));
    const services = page.items.map((name) => knownService(deps, name));
    return { services: await summariseServices(deps, services), nextCursor: page.nextCursor };
  });
  app.get('/api/v1/services/:name', { schema: getSchema, config }, async (request) => {
    const service = knownService(deps, request.params.name);
    return describeService(deps, service);
  });
  app.get('/api/v1/services/:name/image', { schema: imageSchema, config }, async ({ params, query }) => {
    const service = knownService(deps, params.name);
    return coveringImage(deps.store, service.name, await inFull(deps, service, query.commit.toLowerCase()));
  });
}

async function inFull({ findCommit }: ApiDeps, service: Service, commit: string): Promise<string> {
  const full = commit.length >= 40 ? commit : await findCommit(service, commit);
  if (full !== null) return full;
  throw noImage(commit, { code: 'unknown-commit', message: `No commit, or more than one, begins with ${commit}.` });
}
