import Type from 'typebox';
import { releaseOn } from '../decide/release-on.js';
import { SlipwayError } from '../errors.js';
import type { Deployment, Desired } from '../model/deployment.js';
import type { Environment } from '../model/environment.js';
import type { Hold } from '../model/hold.js';
import type { OwnContainer } from '../model/observation.js';
import type { Release } from '../model/release.js';
import type { Page, PageRequest } from '../store/contract.js';
import type { ApiDeps } from './deps.js';
import { ContainerSchema, EnvironmentSchema, OrphanedSchema, type EnvironmentJson } from './environment-schema.js';
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
    const now = deps.clock.now();
    const [all, unfinished, holds] = await Promise.all([
      deps.store.deployments.allDesired(),
      deps.store.deployments.unfinished(),
      deps.store.holds.inForce(now),
    ]);
    const shown = { all, unfinished, holds, now, showsParameters: token !== null };
    const environments = await Promise.all(page.items.map((environment) => show(deps, environment, shown)));
    return { environments, orphaned: orphanedOf(all, deps.environments()), nextCursor: page.nextCursor };
  });
  app.get('/api/v1/environments/:environment', { schema: getSchema, config: read }, async ({ params, token }) => {
    const environment = knownEnvironment(deps, params.environment);
    const { deployments } = deps.store;
    const now = deps.clock.now();
    const [all, unfinished, holds] = await Promise.all([
      deployments.allDesired(environment.name),
      deployments.unfinished(),
      deps.store.holds.inForce(now),
    ]);
    return show(deps, environment, { all, unfinished, holds, now, showsParameters: token !== null });
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

interface Stored {
  /** What is desired, at least there. */
  readonly all: readonly Desired[];
  readonly unfinished: readonly Deployment[];
  /** By environment. */
  readonly holds: ReadonlyMap<string, Hold>;
  readonly now: number;
  readonly showsParameters: boolean;
}

function show(
  { services, observations, store, pending, restless, balanced, specOn }: ApiDeps,
  environment: Environment,
  { all, unfinished, holds, now, showsParameters }: Stored,
): Promise<EnvironmentJson> {
  const { name } = environment;
  const isHere = (its: { readonly environment: string }): boolean => its.environment === name;
  const asked = new Map<string, Promise<Release | null>>();
  const deployed = [...services().values()].filter(({ deploy }) => deploy?.environments.includes(name));
  return renderEnvironment({
    environment,
    hold: holds.get(name) ?? null,
    now,
    services: new Set(deployed.map((its) => its.name)),
    desired: new Map(all.filter(isHere).map((desired) => [desired.service, desired])),
    unfinished: unfinished.filter(isHere),
    observationOf: (host) => observations.of(name, host),
    releaseOf(service, number) {
      const key = `${service} ${number}`;
      const found = asked.get(key) ?? store.releases.get(service, number);
      asked.set(key, found);
      return found;
    },
    balancedOf: (service) => balanced.of(name, service),
    restlessOf: (service) => restless.of(name, service),
    specOn,
    pendingOf: (desired) => pending.of(desired),
    showsParameters,
  });
}

/** What is desired in environments that have left the configuration. */
function orphanedOf(all: readonly Desired[], environments: ReadonlyMap<string, Environment>) {
  const gone = all.filter(({ environment }) => !environments.has(environment));
  return [...new Set(gone.map(({ environment }) => environment))].map((environment) => ({
    environment,
    services: gone.filter((one) => one.environment === environment).map(({ service }) => service),
  }));
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
