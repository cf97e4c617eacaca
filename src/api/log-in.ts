import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { SlipwayError } from '../errors.js';
import { version } from '../version.js';
import { createAttempts } from './attempts.js';
import { allowedScopes, challenge } from './auth.js';
import type { ApiDeps } from './deps.js';
import { refuseOtherPages } from './forgery.js';
import { findToken } from './known-token.js';
import { meFields } from './me.js';
import { openAnswers, posted, type App } from './route.js';
import { schemas } from './schemas.js';
import { beginSession, renewSession } from './session.js';

/** Attempts to log in that may fail, for each address. */
const MAX_ATTEMPTS = 10;
const ATTEMPTS_MS = 60_000;

const Session = Type.Object({
  ...meFields,
  csrfToken: schemas.nullable(
    Type.String({ description: 'What calls by cookie that change something send as `x-csrf-token`. Null: no cookie.' }),
  ),
  anonymousRead: Type.Boolean({ description: 'True if nobody has to log in to read.' }),
  publicUrl: schemas.nullable(Type.String({ description: 'Where people reach this server, if it is configured.' })),
  version: Type.String({ description: 'Of the server.' }),
});

const tags = ['access'];
const path = '/ui/session';

const getSchema = {
  operationId: 'getSession',
  tags,
  summary: 'Who is logged in, for pages',
  description:
    'Needs no token: without one, and without a session, the name is `anonymous`. A session goes on by this call alone: a page that stays open ' +
    'makes it once an hour.',
  response: openAnswers({ 200: Session }),
};

const logInSchema = {
  operationId: 'logIn',
  tags,
  summary: 'Log in a browser with a token',
  description:
    'The answer sets a cookie that scripts cannot read. A session ends after 12 hours without `GET /ui/session`, after 7 days, and as soon as its token is ' +
    `removed or changed. ${MAX_ATTEMPTS} attempts a minute may fail, for each address.`,
  body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 4096 }) }, { additionalProperties: false }),
  response: openAnswers({ 200: Session }, ['unauthorized', 'csrf', 'too-many-requests', ...posted]),
};

const logOutSchema = {
  operationId: 'logOut',
  tags,
  summary: 'Log out a browser',
  description: 'Removes the cookie. Needs `x-csrf-token` if there is a session.',
  response: openAnswers({ 204: Type.Null({ description: 'There is no session.' }) }, ['csrf']),
};

/** `/ui/session`: logging in and out with a browser. */
export function logInRoutes(app: App, deps: ApiDeps): void {
  app.get(path, { schema: getSchema, config: { access: 'open' } }, async (request, reply) => {
    if (request.byCookie) renewSession(request, deps);
    return describe(request, reply, deps);
  });

  const attempts = createAttempts({ max: MAX_ATTEMPTS, windowMs: ATTEMPTS_MS }, deps.clock);
  const logIn = { schema: logInSchema, config: { access: 'open', logsIn: true } } as const;
  app.post(path, logIn, async (request, reply) => {
    refuseOtherPages(request, deps);
    const wait = attempts.waitOf(request.address);
    if (wait !== null) {
      const seconds = Math.ceil(wait / 1000);
      void reply.header('retry-after', seconds);
      throw new SlipwayError('too-many-requests', `Too many attempts to log in. Try again in ${seconds} seconds.`);
    }
    const token = findToken(request.body.token, deps.tokens());
    if (token === null) {
      attempts.failed(request.address);
      void reply.header('www-authenticate', challenge);
      throw new SlipwayError('unauthorized', 'No token of this server has that text.');
    }
    beginSession(request, token, deps);
    Object.assign(request, { token, caller: token.name, byCookie: true });
    deps.log.info({ request: request.id, by: token.name, address: request.address }, 'logged in');
    return describe(request, reply, deps);
  });

  app.delete(path, { schema: logOutSchema, config: { access: 'open' } }, async ({ session }, reply) => {
    session.delete();
    return reply.status(204).header('cache-control', 'no-store').send(null);
  });
}

function describe(request: FastifyRequest, reply: FastifyReply, deps: ApiDeps) {
  void reply.header('cache-control', 'no-store');
  const { caller: name, token, byCookie } = request;
  return {
    name,
    scopes: allowedScopes(request, deps),
    environments: token?.environments?.slice() ?? null,
    csrfToken: byCookie ? reply.generateCsrf() : null,
    anonymousRead: deps.anonymousRead(),
    publicUrl: deps.publicUrl,
    version,
  };
}
