import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import Type from 'typebox';
import { asItIs, isAmong, tagOf, takesGzip } from './conditional.js';
import type { ApiDeps } from './deps.js';
import { matrixSchema } from './matrix-schema.js';
import { renderMatrix } from './render-matrix.js';
import { answers, type App } from './route.js';
import { orphanedOf, readStored, showEnvironment } from './show-environment.js';

const schema = {
  operationId: 'getMatrix',
  tags: ['environments'],
  summary: 'What runs where: every service in every environment, in one answer',
  description:
    'What is desired, what was seen last, and how many releases it is behind; no host is asked. The answer has an `ETag`: send it as ' +
    '`If-None-Match`, and as long as nothing has changed the answer is 304. It is compressed for a client that takes gzip.',
  headers: Type.Object({
    'if-none-match': Type.Optional(Type.String({ description: 'The `ETag` of the answer that the client has.' })),
  }),
  response: answers({ 200: matrixSchema, 304: Type.Null({ description: 'Nothing has changed.' }) }),
};

const compress = promisify(gzip);

/** `GET /api/v1/matrix`. */
export function matrixRoutes(app: App, deps: ApiDeps): void {
  app.get('/api/v1/matrix', { schema, config: { access: 'read' } }, async ({ headers }, reply) => {
    const text = JSON.stringify(await read(deps));
    const tag = tagOf(createHash('sha256').update(text).digest('base64url').slice(0, TAG_DIGITS));
    void reply
      .headers({ 'cache-control': 'private, no-cache', vary: 'accept-encoding, authorization', etag: tag })
      .type('application/json; charset=utf-8')
      .serializer(asItIs);
    if (isAmong(tag, headers['if-none-match'] ?? '')) return reply.code(304).send('' as never);
    if (!takesGzip(headers['accept-encoding'])) return reply.send(text as never);
    return reply.header('content-encoding', 'gzip').send((await compress(text)) as never);
  });
}

const TAG_DIGITS = 22;

async function read(deps: ApiDeps) {
  const known = deps.environments();
  const stored = await readStored(deps, { showsParameters: false });
  const environments = await Promise.all([...known.values()].map((one) => showEnvironment(deps, one, stored)));
  const pairs = environments.flatMap(({ name, services }) =>
    services.map(({ service }) => ({ environment: name, service })),
  );
  const standings = await deps.store.deployments.standings(pairs);
  return renderMatrix({ environments, orphaned: orphanedOf(stored.all, known), desired: stored.all, standings });
}
