import Type from 'typebox';
import { releaseOn } from '../decide/release-on.js';
import { SlipwayError } from '../errors.js';
import type { Environment } from '../model/environment.js';
import type { OwnContainer } from '../model/observation.js';
import type { Page, PageRequest } from '../store/contract.js';
import type { ApiDeps } from './deps.js';
import { ContainerSchema, EnvironmentSchema, OrphanedSchema } from './environment-schema.js';
import { PageQuery, pageRequest } from './fields.js';
import { knownEnvironment, requireHost } from './known-environment.js';
import { renderContainers } from './render-environment.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';
import { orphanedOf, readStored, showEnvironment } from './show-environment.js';

const tags = ['environments'];

const listSchema = {
  operationId: 'listEnvironments',
  tags,
  summary: 'Environments in the order of promotion, with what runs there',
  description: 'What is desired, and what was seen last; no host is asked.',
  querystring: PageQuery,
  response: answers({
    200: Type.Object({
      environments: Type.Array(EnvironmentSchema),
      orphaned: Type.Array(OrphanedSchema),
      nextCursor: schemas.nullable(Type.String()),
    }),
  }),
};
const getSchema = {
  operationId: 'getEnvironment',
  tags,
  summary: 'One environment, with what runs there',
  description: 'What is desired, and what was seen last; no host is asked.',
  params: Type.Object({ environment: Type.String() }),
  response: answers({ 200: EnvironmentSchema }, ['unknown-environment']),
};
const containersSchema = {
  operationId: 'listContainers',
  tags,
  summary:
    'Containers of a host: ours in this environment, and foreign ones that hold ports or have our labels without our seal',
  description: 'What was seen last; the host is not asked. Needs a token, even if anonymous reading is allowed.',
  params: Type.Object({ environment: Type.String(), host: Type.String() }),
  response: answers({ 200: Type.Object({ containers: Type.Array(ContainerSchema) }) }, [
    'unknown-environment',
    'unknown-host',
    'host-unreachable',
  ]),
};

/** What runs where, as it was seen. */
export function environmentRoutes(app: App, deps: ApiDeps): void {
  const [read, named] = [{ access: 'read' } as const, { access: 'named' } as const];

  app.get('/api/v1/environments', { schema: listSchema, config: read }, async ({ query, token }) => {
    const page = pageOf([...deps.environments().values()], pageRequest(query));
    const stored = await readStored(deps, { showsParameters: token !== null });
    const environments = await Promise.all(page.items.map((one) => showEnvironment(deps, one, stored)));
    return { environments, orphaned: orphanedOf(stored.all, deps.environments()), nextCursor: page.nextCursor };
  });
  app.get('/api/v1/environments/:environment', { schema: getSchema, config: read }, async ({ params, token }) => {
    const environment = knownEnvironment(deps, params.environment);
    const stored = await readStored(deps, { showsParameters: token !== null, environment: environment.name });
    return showEnvironment(deps, environment, stored);
  });
  app.get(
    '/api/v1/environments/:environment/hosts/:host/containers',
    { schema: containersSchema, config: named },
    async ({ params: { environment, host } }) => {
      requireHost(knownEnvironment(deps, environment), host);
      const known = deps.observations.of(environment, host);
      if (known?.reachable !== true || known.seen === null)
        throw new SlipwayError('host-unreachable', known?.why ?? `Host ${host} was not asked yet.`, {
          extra: { host },
        });
      const all = await deps.store.deployments.allDesired(environment);
      const desired = new Map(all.map((one) => [one.service, one]));
      const releaseOf = (one: OwnContainer): number =>
        releaseOn(host, one, desired.get(one.service) ?? null, deps.specOn);
      return { containers: renderContainers(known.seen, releaseOf) };
    },
  );
}

/** A page in the order of promotion. Fails with `invalid-request` for an unknown cursor. */
function pageOf(environments: readonly Environment[], { limit, cursor }: PageRequest): Page<Environment> {
  const from = cursor === null ? 0 : environments.findIndex(({ name }) => cursorOf(name) === cursor) + 1;
  if (cursor !== null && from === 0)
    throw new SlipwayError(
      'invalid-request',
      'The cursor does not come from an earlier page, or its environment is gone.',
    );
  const items = environments.slice(from, from + limit);
  const last = from + limit < environments.length ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : cursorOf(last.name) };
}

const cursorOf = (name: string): string => Buffer.from(name).toString('base64url');
