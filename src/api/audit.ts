import Type from 'typebox';
import type { FastifyRequest } from 'fastify';
import { isoTime } from '../iso-time.js';
import type { AuditEntry } from '../model/audit.js';
import type { ApiDeps } from './deps.js';
import { PageQuery, pageRequest } from './fields.js';
import { answers, type App } from './route.js';
import { schemas } from './schemas.js';

const Entry = Type.Object({
  at: Type.String({ format: 'date-time' }),
  by: Type.String({ description: 'Name of the token.' }),
  address: Type.String({ description: 'Where the connection came from: behind a proxy, the proxy.' }),
  scope: Type.Enum(['build', 'deploy', 'admin']),
  method: Type.String(),
  route: Type.String({ description: 'Its parameters are written as `:name`.' }),
  parameters: Type.Record(Type.String(), Type.String()),
  status: Type.Integer({ description: 'HTTP status of the answer.' }),
});

const schema = {
  operationId: 'listAudit',
  tags: ['audit'],
  summary: 'Who did what, when, and from where, newest first',
  description:
    'Every call of scope build, deploy or admin that was made with a valid token, also if it was refused. Calls that only read are not listed. Bodies and queries are not kept: they may hold secrets.',
  querystring: Type.Object({
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'Name of a token.' })),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'That time or later.' })),
    ...PageQuery.properties,
  }),
  response: answers({
    200: Type.Object({ entries: Type.Array(Entry), nextCursor: schemas.nullable(Type.String()) }),
  }),
};

export function auditRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/audit', { schema, config: { access: 'admin' } }, async ({ query }) => {
    const { token: by, since } = query;
    const page = await deps.store.audit.page({
      ...pageRequest(query),
      ...(by !== undefined && { by }),
      ...(since !== undefined && { since: Date.parse(since) }),
    });
    return { entries: page.items.map(render), nextCursor: page.nextCursor };
  });
}

const render = ({ at, ...entry }: AuditEntry) => ({ ...entry, at: isoTime(at) });

const reads = (method: string): boolean => method === 'GET' || method === 'HEAD';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where its connection came from. Read at once: a connection that is lost no longer knows. */
    address: string;
  }
}

/**
 * Stores who made a call that may change something, before it is answered. If that fails, the call is answered all the same. Must be
 * installed before the access control.
 */
export function installAudit(app: App, deps: Pick<ApiDeps, 'store' | 'clock' | 'log'>): void {
  app.decorateRequest('address', '');
  app.addHook('onRequest', (request, _reply, done) => {
    // A socket for both versions of IP writes an address of version 4 so.
    request.address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    done();
  });
  app.addHook('onSend', async (request, reply, answer) => {
    const { scope, method, caller: by, id } = request;
    if (scope === null || scope === 'read' || reads(method)) return answer;
    const entry = { at: deps.clock.now(), by, scope, status: reply.statusCode, ...what(request) };
    await deps.store.audit
      .add(entry)
      .catch((error: unknown) => deps.log.error({ err: error, request: id, by }, 'could not note who made a call'));
    return answer;
  });
}

function what({ method, routeOptions, params, address }: FastifyRequest) {
  return {
    method,
    route: routeOptions.url ?? '',
    parameters: params as Readonly<Record<string, string>>,
    address,
  };
}
