import Type from 'typebox';
import { version } from '../version.js';
import { about, places, wantsPage } from './pages.js';
import { openAnswers, type App } from './route.js';

const Front = Type.Object({
  name: Type.Literal('Slipway'),
  version: Type.String(),
  about: Type.String(),
  docs: Type.String(),
  openapi: Type.String(),
  ready: Type.String(),
});

const schema = {
  operationId: 'getFront',
  tags: ['docs'],
  summary: 'What this is, and where the documents are',
  description: 'Needs no token. The first page for callers who accept `text/html` first.',
  response: openAnswers({
    200: {
      description: 'Name and version of the server, and the addresses of the documents.',
      content: { 'application/json': { schema: Front }, 'text/html': { schema: Type.String() } },
    },
  }),
};

/** `/`: what this is. */
export function frontRoutes(app: App): void {
  app.get('/', { schema, config: { access: 'open' } }, async (request, reply) => {
    void reply.header('vary', 'accept');
    if (!wantsPage(request)) return { name: 'Slipway' as const, version, about, ...places };
    return app.pages.send(request, reply);
  });
}
