import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessToken, Scope } from '../access.js';
import { SlipwayError } from '../errors.js';
import type { System } from '../operations/system/contract.js';
import type { ApiDeps } from './deps.js';
import { installForgeryCheck } from './forgery.js';
import { findToken } from './known-token.js';
import type { App } from './route.js';
import { tokenOfSession } from './session.js';

/**
 * Who may call a route. `open`: anybody. `read`: readers. `named`: readers with a token, even if anonymous reading is allowed, for what
 * shows how services run. `metrics`: as `access.metrics` says. `build`, `deploy`, `admin`: tokens with that scope.
 */
export type Access = 'open' | 'read' | 'named' | 'metrics' | 'build' | 'deploy' | 'admin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Default: `read`, so that a route without it is protected. */
    access?: Access;
    /** Whether a browser logs in here: it has no session yet, or one that it gives up. */
    logsIn?: boolean;
  }
  interface FastifyRequest {
    /** The valid token of the call, even if none is needed. Null: anonymous. */
    token: AccessToken | null;
    /** Name of that token, or `anonymous`. */
    caller: string;
    /** The scope that the call needs, also if the token lacks it. Null: none, or there is no valid token. */
    scope: Scope | null;
    /** True if the token is that of the session in the cookie. */
    byCookie: boolean;
  }
}

interface AuthDeps extends Pick<ApiDeps, 'tokens' | 'anonymousRead' | 'metrics' | 'clock' | 'publicUrl'> {
  readonly system: Pick<System, 'used'>;
}
/** What decides about anonymous callers. */
type OpenDeps = Pick<ApiDeps, 'anonymousRead' | 'metrics'>;

/** How callers without a valid token are asked for one. */
export const challenge = 'Bearer';

/** Scopes that include a scope. Neither of `build` and `deploy` includes the other. */
const including: Record<Scope, readonly Scope[]> = {
  read: ['read', 'build', 'deploy', 'admin'],
  build: ['build', 'admin'],
  deploy: ['deploy', 'admin'],
  admin: ['admin'],
};

/**
 * Checks every request before its body is read. Answers `unauthorized`, `forbidden` and, for what a browser was made to do, `csrf`. An invalid
 * token is ignored if none is needed. Must be installed after the sessions.
 */
export function installAuth(app: App, deps: AuthDeps): void {
  app.decorateRequest('token', null);
  app.decorateRequest('caller', 'anonymous');
  app.decorateRequest('scope', null);
  app.decorateRequest('byCookie', false);
  app.addHook('onRequest', (request, _reply, done) => {
    identify(request, deps);
    done();
  });
  installForgeryCheck(app, deps);
  app.addHook('onRequest', (request, reply, done) => {
    const { access = 'read' } = request.routeOptions.config;
    const scope = requiredScope(access, deps);
    if (scope !== null && !request.is404) requireScope(request, reply, scope);
    if (request.byCookie && access !== 'open') {
      // Without `Authorization` a cache between would keep the answer for others.
      void reply.header('cache-control', 'private, no-cache');
    }
    done();
  });
}

/** Finds out who calls. A call with `Authorization` is never one of a session. */
function identify(request: FastifyRequest, deps: AuthDeps): void {
  request.token = tokenNow(request, deps);
  if (request.token === null) return;
  deps.system.used(request.token.name);
  request.caller = request.token.name;
  request.byCookie = request.headers.authorization === undefined;
}

/** The token that the call names, if it is in force. */
function tokenNow(request: FastifyRequest, deps: Pick<ApiDeps, 'tokens' | 'clock'>): AccessToken | null {
  const { authorization } = request.headers;
  if (authorization === undefined) return tokenOfSession(request, deps);
  const given = bearerToken(authorization);
  return given === null ? null : findToken(given, deps.tokens());
}

/** False if a call that was let in would be refused now, or if its token or session is no longer in force. */
export function mayGoOn(request: FastifyRequest, deps: OpenDeps & Pick<ApiDeps, 'tokens' | 'clock'>): boolean {
  const scope = requiredScope(request.routeOptions.config.access ?? 'read', deps);
  if (request.token === null) return scope === null;
  const token = tokenNow(request, deps);
  return token !== null && (scope === null || includes(token, scope));
}

/** True if the caller may read what `read` protects. */
export function mayRead({ token }: FastifyRequest, { anonymousRead }: Pick<OpenDeps, 'anonymousRead'>): boolean {
  return anonymousRead() || (token !== null && includes(token, 'read'));
}

/** All scopes that the caller has, those included in others too. */
export function allowedScopes(request: FastifyRequest, deps: Pick<OpenDeps, 'anonymousRead'>): Scope[] {
  const { token } = request;
  if (token === null) return mayRead(request, deps) ? ['read'] : [];
  return (Object.keys(including) as Scope[]).filter((scope) => includes(token, scope));
}

/**
 * Checks that the caller's token may change an environment. For routes of access `deploy`. Fails with `forbidden`: the token has
 * `environments`, and this is not one of them.
 */
export function requireEnvironment({ token }: Pick<FastifyRequest, 'token'>, environment: string): void {
  if (token !== null && (token.environments?.includes(environment) ?? true)) return;
  throw new SlipwayError('forbidden', `The token "${token?.name ?? 'anonymous'}" may not deploy to ${environment}.`);
}

/** The scope that a call needs now, or null. */
function requiredScope(access: Access, deps: OpenDeps): Scope | null {
  switch (access) {
    case 'open':
      return null;
    case 'metrics':
      return deps.metrics() === 'open' ? null : 'read';
    case 'read':
      return deps.anonymousRead() ? null : 'read';
    case 'named':
      return 'read';
    case 'build':
    case 'deploy':
    case 'admin':
      return access;
  }
}

/** Checks the token of a call. Fails with `unauthorized` or `forbidden`. */
export function requireScope(request: FastifyRequest, reply: FastifyReply, scope: Scope): void {
  const { token, headers } = request;
  if (token === null) {
    // RFC 6750, section 3: the error is named only if a token was given.
    const given = bearerToken(headers.authorization) !== null;
    void reply.header('www-authenticate', given ? `${challenge} error="invalid_token"` : challenge);
    throw new SlipwayError(
      'unauthorized',
      'This call needs the header "Authorization: Bearer TOKEN" with a valid token.',
    );
  }
  request.scope = scope;
  if (!includes(token, scope)) {
    void reply.header('www-authenticate', `Bearer error="insufficient_scope", scope="${scope}"`);
    throw new SlipwayError('forbidden', `The token "${token.name}" lacks the scope "${scope}".`);
  }
}

function includes(token: AccessToken, scope: Scope): boolean {
  return token.scopes.some((its) => including[scope].includes(its));
}

function bearerToken(header: string | undefined): string | null {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}
