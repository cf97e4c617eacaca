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
  const answer = sharedAnswer(app, deps);
  app.get('/api/v1/matrix', { schema, config: { access: 'read' } }, async ({ headers }, reply) => {
    const sent = await answer();
    const { text, tag } = sent;
    void reply
      .headers({ 'cache-control': 'private, no-cache', vary: 'accept-encoding, authorization', etag: tag })
      .type('application/json; charset=utf-8')
      .serializer(asItIs);
    if (isAmong(tag, headers['if-none-match'] ?? '')) return reply.code(304).send('' as never);
    if (!takesGzip(headers['accept-encoding'])) return reply.send(text as never);
    sent.zipped ??= compress(text);
    return reply.header('content-encoding', 'gzip').send((await sent.zipped) as never);
  });
}

const TAG_DIGITS = 22;
/** For so long an answer is given again if no event tells of a change, in milliseconds. */
const KEPT_MS = 1000;
/** Events after which the answer may be another one. */
const changing: ReadonlySet<string> = new Set(['build', 'deployment', 'observation', 'hold', 'configuration']);

/** The matrix as it is sent. */
interface Sent {
  readonly text: string;
  readonly tag: string;
  zipped?: Promise<Buffer>;
}

/**
 * All open pages ask at the same event. They share an answer that was begun after it, as long as nothing else changes. At most one is made at
 * a time, and everybody who comes until the next one begins gets that.
 */
function sharedAnswer(app: App, deps: ApiDeps): () => Promise<Sent> {
  const { clock, events } = deps;
  let current: { readonly sent: Promise<Sent>; endedAt: number | null } | null = null;
  let next: Promise<Sent> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const unsubscribe = events.subscribe(({ type }) => {
    if (changing.has(type)) current = null;
  });
  app.addHook('onClose', async () => unsubscribe());
  const isFresh = (endedAt: number | null) => endedAt === null || Math.abs(clock.now() - endedAt) < KEPT_MS;
  const begin = async () => {
    next = null;
    const made = { sent: make(deps), endedAt: null as number | null };
    current = made;
    try {
      return await made.sent;
    } catch (error) {
      // What failed is asked again.
      if (current === made) current = null;
      throw error;
    } finally {
      made.endedAt = clock.now();
    }
  };
  return async () => {
    if (current !== null && isFresh(current.endedAt)) return current.sent;
    if (next === null) {
      next = turn.then(begin);
      turn = next.catch(() => undefined);
    }
    return next;
  };
}

async function make(deps: ApiDeps): Promise<Sent> {
  const text = JSON.stringify(await read(deps));
  return { text, tag: tagOf(createHash('sha256').update(text).digest('base64url').slice(0, TAG_DIGITS)) };
}

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
