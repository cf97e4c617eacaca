import { join } from 'node:path';
import { fastifyStatic } from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SlipwayError } from '../errors.js';
import { version } from '../version.js';
import type { ApiDeps } from './deps.js';
import { asPage } from './page-headers.js';
import type { App } from './route.js';
import { readUiFiles, type UiFiles } from './ui-files.js';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Addresses of pages, beside `/`. One document serves them all, and takes what it shows from the API. */
const addresses = [
  '/login',
  '/services/:name',
  '/services/:name/why/:sha',
  '/builds',
  '/builds/:id',
  '/deliveries',
  '/graph',
  '/environments',
  '/environments/:name',
  '/deployments/:id',
  '/system',
];

/** Where the documents are. */
export const places = { docs: '/docs', openapi: '/openapi.json', ready: '/readyz' } as const;
export const about = 'Builds the images of services when their source or packaging changes, and says why.';

const links = Object.entries({
  [places.docs]: 'every call of the API (needs a token)',
  [places.openapi]: 'the same as an OpenAPI document (needs a token)',
  [places.ready]: 'whether everything that builds need is there',
}).map(([place, what]) => `<li><a href="${place}">${place}</a>: ${what}</li>`);

/** What stands at each address of a page while there are no pages. */
const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Slipway</title>
<main>
<h1>Slipway ${version}</h1>
<p>${about}</p>
<p>The pages for browsers were not built: this server has the API alone.</p>
<ul>
${links.join('\n')}
</ul>
</main>
</html>
`;

/** The pages for browsers. */
export interface Pages {
  /** Null: they were not built. */
  readonly files: UiFiles | null;
  /** Answers with the document. Without pages: with one that says so. */
  send(request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

declare module 'fastify' {
  interface FastifyInstance {
    pages: Pages;
  }
}

/** Finds the pages. Must be installed before what answers, and after `installPageHeaders`. */
export async function installPages(app: App, { ui, log }: Pick<ApiDeps, 'ui' | 'log'>): Promise<void> {
  const files = await readUiFiles(ui, log);
  app.decorate('pages', { files, send: (request, reply) => send(request, reply, files) });
  if (files === null) return;
  await app.register(fastifyStatic, { root: files.folder, serve: false, index: false, preCompressed: true });
}

const open = { schema: { hide: true }, config: { access: 'open' } } as const;

/** The addresses of pages, and what they load. Each is open: what a page shows comes from calls that are not. */
export function pageRoutes(app: App): void {
  for (const address of addresses) app.get(address, open, (request, reply) => app.pages.send(request, reply));
  if (app.pages.files !== null) fileRoutes(app, app.pages.files);
}

/** True for a browser, which names HTML first. Weights (RFC 9110, 12.5.1) are not compared: other clients name JSON or nothing. */
export function wantsPage({ headers: { accept } }: FastifyRequest): boolean {
  return /^text\/html(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accept?.trim() ?? '');
}

function send(request: FastifyRequest, reply: FastifyReply, files: UiFiles | null): FastifyReply {
  void asPage(reply).header('cache-control', 'no-cache');
  if (files === null) return reply.send(notBuilt);
  void reply.header('etag', files.etag);
  const isKnown = reply.statusCode === 200 && tagsOf(request.headers['if-none-match']).includes(files.etag);
  return isKnown ? reply.status(304).send() : reply.send(files.page);
}

/** RFC 9110, 13.1.2: they are compared weakly, because a proxy that compresses weakens them. */
const tagsOf = (header = ''): readonly string[] => header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));

/** Names are compared with the list, so no path leads elsewhere. */
function fileRoutes(app: App, { folder, beside, assets }: UiFiles): void {
  const inAssets = { root: join(folder, 'assets'), maxAge: YEAR_MS, immutable: true };
  app.get<{ Params: { file: string } }>('/assets/:file', open, ({ params: { file } }, reply) => {
    if (!assets.has(file)) throw new SlipwayError('not-found', 'No page loads a file of that name.');
    return reply.header('vary', 'accept-encoding').sendFile(file, inAssets);
  });
  for (const file of beside)
    app.get(`/${file}`, open, (_request, reply) =>
      reply.headers({ vary: 'accept-encoding', 'cache-control': 'no-cache' }).sendFile(file, { cacheControl: false }),
    );
}
