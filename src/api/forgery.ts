import type { FastifyRequest } from 'fastify';
import { SlipwayError } from '../errors.js';
import type { ApiDeps } from './deps.js';
import type { App } from './route.js';

/** Where a call comes from: a page of this server, another page, or a program that does not say. */
type Origin = 'own' | 'other' | 'unsaid';

const reads = (method: string): boolean => method === 'GET' || method === 'HEAD';

/**
 * A call that changes something and is made by cookie must come from a page of this server, and hold the session's token in `x-csrf-token`.
 * Fails with `csrf`. Must be installed after what finds out who calls.
 */
export function installForgeryCheck(app: App, { publicUrl }: Pick<ApiDeps, 'publicUrl'>): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { byCookie, method, headers, routeOptions } = request;
    if (!byCookie || reads(method) || routeOptions.config.logsIn) return done();
    if (originOf(request, publicUrl) !== 'own')
      throw new SlipwayError('csrf', 'The call does not come from a page of this server.');
    if (headers['x-csrf-token'] === undefined)
      throw new SlipwayError('csrf', 'A call by cookie needs the header "x-csrf-token".');
    app.csrfProtection(request, reply, done);
  });
}

/** Refuses a call that a browser makes for the page of another server. Fails with `csrf`. */
export function refuseOtherPages(request: FastifyRequest, { publicUrl }: Pick<ApiDeps, 'publicUrl'>): void {
  if (originOf(request, publicUrl) === 'other')
    throw new SlipwayError('csrf', 'The call comes from a page of another server.');
}

/** Browsers name the site only over TLS and to this machine (https://www.w3.org/TR/fetch-metadata/), the origin always. */
function originOf({ headers }: FastifyRequest, publicUrl: string | null): Origin {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'other';
  if (origin === undefined) return 'unsaid';
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return 'own';
  return host !== undefined && /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '') === host
    ? 'own'
    : 'other';
}
