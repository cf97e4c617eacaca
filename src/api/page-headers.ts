import { fastifyHelmet } from '@fastify/helmet';
import type { FastifyReply } from 'fastify';
import type { ApiDeps } from './deps.js';
import type { App } from './route.js';
import { securityHeaders } from './security-headers.js';
import { isSecure } from './session.js';

const YEAR_S = 365 * 24 * 60 * 60;

/** What a page may load: scripts, styles and data of this server, and nothing of anybody else. Nothing is inline. */
const directives = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'connect-src': "'self'",
  'img-src': ["'self'", 'data:'],
  'frame-ancestors': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
};

/** Makes the headers of pages; `asPage` sets them. Must be installed before what answers. */
export async function installPageHeaders(app: App, { publicUrl }: Pick<ApiDeps, 'publicUrl'>): Promise<void> {
  await app.register(fastifyHelmet, {
    global: false,
    contentSecurityPolicy: { useDefaults: false, directives },
    // `no-referrer` would hide the origin of some calls of our own, which the check against forgery asks for.
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    // Over plain HTTP browsers ignore it. Other hosts of the domain are not ours.
    strictTransportSecurity: isSecure(publicUrl) && { maxAge: YEAR_S, includeSubDomains: false },
  });
}

/** Gives an answer the headers of a page, in place of those of an answer in JSON. */
export function asPage(reply: FastifyReply): FastifyReply {
  for (const name of Object.keys(securityHeaders)) void reply.removeHeader(name);
  reply.helmet();
  return reply.type('text/html; charset=utf-8');
}
