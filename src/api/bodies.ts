import type { FastifyRequest } from 'fastify';
import { SlipwayError } from '../errors.js';
import { readBody } from './reception.js';
import type { App } from './route.js';

/** Bytes of a body in JSON. */
const MAX_JSON_BYTES = 1024 * 1024;

/**
 * Bodies outside the webhook are JSON or empty. Clients name a content type for an empty body too (`curl -d ''` says it is a form), so it
 * is ignored. If a route has a body schema, an empty body is the empty object.
 */
export function installBodies(app: App): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', (request, _payload, done) => {
    readBody(request, MAX_JSON_BYTES).then((bytes) => {
      const text = bytes.toString();
      if (text.trim() === '') done(null, undefined);
      else return parseJson(request, text, done);
    }, done);
  });
  app.addContentTypeParser('*', async (request: FastifyRequest) => {
    const { length } = await readBody(request, MAX_JSON_BYTES);
    if (length > 0) throw new SlipwayError('unsupported-media-type', 'A body must be application/json.');
  });
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {};
  });
}
