import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import Type from 'typebox';
import { isoTime } from '../iso-time.js';
import type { OverviewAnswer, OverviewRow } from '../operations/overview/contract.js';
import { asItIs, isAmong, tagOf, takesGzip } from './conditional.js';
import type { ApiDeps } from './deps.js';
import { answers, type App } from './route.js';
import { overviewSchema, type OverviewJson } from './overview-schema.js';

const schema = {
  operationId: 'getOverview',
  tags: ['services'],
  summary: 'Every service with its main branch, in one answer',
  description:
    'Made for a list of many services. Nothing is asked of the git host. The answer has an `ETag`: send it as `If-None-Match`, and as long ' +
    'as nothing has changed the answer is 304 and costs nothing. It is compressed for a client that takes gzip.',
  headers: Type.Object({
    'if-none-match': Type.Optional(Type.String({ description: 'The `ETag` of the answer that the client has.' })),
  }),
  response: answers({ 200: overviewSchema, 304: Type.Null({ description: 'Nothing has changed.' }) }),
};

const compress = promisify(gzip);

/** The newest answer as it is sent. */
interface Sent {
  readonly answer: OverviewAnswer;
  readonly text: string;
  zipped?: Promise<Buffer>;
}

/** `GET /api/v1/overview`. */
export function overviewRoutes(app: App, deps: ApiDeps): void {
  let sent: Sent | null = null;
  app.get('/api/v1/overview', { schema, config: { access: 'read' } }, async ({ headers }, reply) => {
    const { overview } = deps;
    void reply.headers({ 'cache-control': 'private, no-cache', vary: 'accept-encoding, authorization' });
    const known = headers['if-none-match'];
    if (known !== undefined) {
      const tag = tagOf(await overview.revision());
      if (isAmong(tag, known))
        return reply
          .header('etag', tag)
          .code(304)
          .serializer(asItIs)
          .send('' as never);
    }
    const answer = await overview.answer();
    if (sent?.answer !== answer) sent = { answer, text: JSON.stringify(render(answer)) };
    const { text } = sent;
    void reply.header('etag', tagOf(answer.revision)).type('application/json; charset=utf-8');
    if (!takesGzip(headers['accept-encoding'])) return reply.serializer(asItIs).send(text as never);
    sent.zipped ??= compress(text);
    return reply
      .header('content-encoding', 'gzip')
      .serializer(asItIs)
      .send((await sent.zipped) as never);
  });
}

function render({ revision, counts, load, services }: OverviewAnswer): OverviewJson {
  return { revision, counts: { ...counts }, load: { ...load }, services: services.map(renderRow) };
}

function renderRow({ at, startedAt, ...same }: OverviewRow): OverviewJson['services'][number] {
  return { ...same, at: at === null ? null : isoTime(at), startedAt: startedAt === null ? null : isoTime(startedAt) };
}
