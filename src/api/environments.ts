import Type from 'typebox';
import { SlipwayError } from '../errors.js';
import type { Environment } from '../model/environment.js';
import type { Release } from '../model/release.js';
import type { Page, PageRequest } from '../store/contract.js';
import type { ApiDeps } from './deps.js';
import { ContainerSchema, EnvironmentSchema, type EnvironmentJson } from './environment-schema.js';
import { PageQuery, pageRequest } from './fields.js';
import { knownEnvironment, requireHost } from './known-environment.js';
import { renderContainers, renderEnvironment } from './render-environment.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';

const tags = ['environments'];

const listSchema = {
  operationId: 'listEnvironments',
  tags,
  summary: 'Environments in the order of promotion, with what runs there',
  description: 'What was seen last; no host is asked. Nothing is deployed yet, so nothing is desired.',
  querystring: PageQuery,
  response: answers({
    200: Type.Object({ environments: Type.Array(EnvironmentSchema), nextCursor: schemas.nullable(Type.String()) }),
  }),
};
const getSchema = {
  operationId: 'getEnvironment',
  tags,
  summary: 'One environment, with what runs there',
  description: 'What was seen last; no host is asked.',
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

  app.get('/api/v1/environments', { schema: listSchema, config: read }, async ({ query }) => {
    const page = pageOf([...deps.environments().values()], pageRequest(query));
    const environments = await Promise.all(page.items.map((environment) => show(deps, environment)));
    return { environments, nextCursor: page.nextCursor };
  });
  app.get('/api/v1/environments/:environment', { schema: getSchema, config: read }, async ({ params }) =>
    show(deps, knownEnvironment(deps, params.environment)),
  );
  app.get(
    '/api/v1/environments/:environment/hosts/:host/containers',
    { schema: containersSchema, config: named },
    async ({ params: { environment, host } }) => {
      requireHost(knownEnvironment(deps, environment), host);
      const known = deps.observations.of(environment, host);
      if (known?.reachable === true && known.seen !== null) return { containers: renderContainers(known.seen) };
      throw new SlipwayError('host-unreachable', known?.why ?? `Host ${host} was not asked yet.`, { extra: { host } });
    },
  );
}

function show({ services, observations, store }: ApiDeps, environment: Environment): Promise<EnvironmentJson> {
  const { name } = environment;
  const asked = new Map<string, Promise<Release | null>>();
  return renderEnvironment({
    environment,
    services: [...services().values()]
      .filter(({ deploy }) => deploy?.environments.includes(name))
      .map((its) => its.name),
    observationOf: (host) => observations.of(name, host),
    releaseOf(service, number) {
      const key = `${service} ${number}`;
      const found = asked.get(key) ?? store.releases.get(service, number);
      asked.set(key, found);
      return found;
    },
  });
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
