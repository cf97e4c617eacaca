import Type from 'typebox';
import { whereCodes } from '../decide/where.js';
import { isoTime } from '../iso-time.js';
import type { WhereAnswer } from '../operations/contract.js';
import type { ApiDeps } from './deps.js';
import { fields, ServiceParams } from './fields.js';
import { knownService } from './known-service.js';
import { answers, asksGit, type App } from './route.js';
import { schemas } from './schemas.js';

const { nullable } = schemas;
const Where = Type.Object({
  environment: Type.String(),
  runs: Type.Enum(['yes', 'no', 'partly', 'unknown']),
  hosts: Type.Array(Type.String(), { description: 'Those that run it.' }),
  since: nullable(Type.String({ format: 'date-time' })),
  release: nullable(
    Type.Integer({ description: 'The one that runs, or the one that was deployed last with the commit.' }),
  ),
  reason: Type.Object({
    code: Type.Enum([...whereCodes]),
    message: Type.String(),
  }),
});

const schema = {
  operationId: 'whereRuns',
  tags: ['environments'],
  summary: 'Where a commit or version of a service runs, and why not',
  description:
    'A commit runs where the commit of the running release is it, comes from it, or covers it. Answers with what was seen last; no host is asked.',
  params: ServiceParams,
  querystring: Type.Object({
    commit: Type.Optional(fields.commitStart),
    version: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'A version or git tag, with or without `-rN`.' }),
    ),
  }),
  response: answers({ 200: Type.Object({ environments: Type.Array(Where) }) }, [
    'unknown-service',
    'unknown-commit',
    ...asksGit,
  ]),
};

/** `GET /api/v1/services/:service/where`. */
export function whereRoutes(app: App, deps: ApiDeps): void {
  const options = { schema, config: { access: 'read' } } as const;
  app.get('/api/v1/services/:service/where', options, async ({ params, query: { commit, version } }) => {
    const service = knownService(deps, params.service);
    const found = await deps.whereRuns({ service, commit: commit ?? null, version: version ?? null });
    return { environments: found.map(render) };
  });
}

const render = ({ hosts, since, ...one }: WhereAnswer) => ({
  ...one,
  hosts: [...hosts],
  since: since === null ? null : isoTime(since),
});
