import { SlipwayError } from '../errors.js';
import type { App } from './route.js';

/**
 * Bodies outside the webhook: JSON, or nothing. Clients name a content type for an empty body too (`curl -d ''` says it is a form),
 * so an empty body is "no body" whatever it is called; where a route has a body schema, it is then the empty object.
 */
export function installBodies(app: App): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body.trim() === '') done(null, undefined);
    else return parseJson(request, body, done);
  });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body: string, done) => {
    if (body === '') done(null, undefined);
    else done(new SlipwayError('unsupported-media-type', 'A body must be application/json.'), undefined);
  });
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {};
  });
}
