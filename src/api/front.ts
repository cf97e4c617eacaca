import Type from 'typebox';
import { version } from '../version.js';
import { openAnswers, type App } from './route.js';

const about = 'Builds the images of services when their source or packaging changes, and says why.';
const places = { docs: '/docs', openapi: '/openapi.json', ready: '/readyz' } as const;

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
  description: 'Needs no token. A page for callers who accept `text/html` first.',
  response: openAnswers({
    200: {
      description: 'Name and version of the server, and the addresses of the documents.',
      content: { 'application/json': { schema: Front }, 'text/html': { schema: Type.String() } },
    },
  }),
};

const links = Object.entries({
  [places.docs]: 'every call of the API (needs a token)',
  [places.openapi]: 'the same as an OpenAPI document (needs a token)',
  [places.ready]: 'whether everything that builds need is there',
}).map(([place, what]) => `<li><a href="${place}">${place}</a>: ${what}</li>`);

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Slipway</title>
<main>
<h1>Slipway ${version}</h1>
<p>${about}</p>
<ul>
${links.join('\n')}
</ul>
</main>
</html>
`;

/** `/`: what this is. */
export function frontRoutes(app: App): void {
  app.get('/', { schema, config: { access: 'open' } }, async (request, reply) => {
    void reply.header('vary', 'accept');
    if (!wantsPage(request.headers.accept)) return { name: 'Slipway' as const, version, about, ...places };
    return reply.type('text/html; charset=utf-8').send(page);
  });
}

/** True for a browser, which names HTML first. Weights (RFC 9110, 12.5.1) are not compared: other clients name JSON or nothing. */
function wantsPage(accept: string | undefined): boolean {
  return /^text\/html(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accept?.trim() ?? '');
}
