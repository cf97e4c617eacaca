import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessToken, Scope } from '../access.js';
import { SlipwayError } from '../errors.js';
import type { ApiDeps } from './deps.js';
import type { App } from './route.js';

/**
 * Who may call a route. `open`: anybody. `read`: readers. `named`: readers with a token, even if anonymous reading is allowed, for what
 * shows how services run. `metrics`: as `access.metrics` says. `build`, `deploy`, `admin`: tokens with that scope.
 */
export type Access = 'open' | 'read' | 'named' | 'metrics' | 'build' | 'deploy' | 'admin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Default: `read`, so that a route without it is protected. */
    access?: Access;
  }
  interface FastifyRequest {
    /** The valid token of the call, even if none is needed. Null: anonymous. */
    token: AccessToken | null;
    /** Name of that token, or `anonymous`. */
    caller: string;
    /** The scope that the call needs, also if the token lacks it. Null: none, or there is no valid token. */
    scope: Scope | null;
  }
}

type AuthDeps = Pick<ApiDeps, 'tokens' | 'anonymousRead' | 'metrics'>;

/** Scopes that include a scope. Neither of `build` and `deploy` includes the other. */
const including: Record<Scope, readonly Scope[]> = {
  read: ['read', 'build', 'deploy', 'admin'],
  build: ['build', 'admin'],
  deploy: ['deploy', 'admin'],
  admin: ['admin'],
};

/** Checks every request before its body is read. Answers `unauthorized` and `forbidden`. An invalid token is ignored if none is needed. */
export function installAuth(app: App, deps: AuthDeps): void {
  app.decorateRequest('token', null);
  app.decorateRequest('caller', 'anonymous');
  app.decorateRequest('scope', null);
  app.addHook('onRequest', (request, reply, done) => {
    const given = bearerToken(request.headers.authorization);
    request.token = given === null ? null : find(given, deps.tokens());
    if (request.token) request.caller = request.token.name;
    const scope = requiredScope(request.routeOptions.config.access ?? 'read', deps);
    if (scope !== null && !request.is404) requireScope(request, reply, scope);
    done();
  });
}

/** True if the caller may read what `read` protects. */
export function mayRead({ token }: FastifyRequest, { anonymousRead }: Pick<AuthDeps, 'anonymousRead'>): boolean {
  return anonymousRead() || (token !== null && includes(token, 'read'));
}

/** All scopes that the caller has, those included in others too. */
export function allowedScopes(request: FastifyRequest, deps: Pick<AuthDeps, 'anonymousRead'>): Scope[] {
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
function requiredScope(access: Access, deps: AuthDeps): Scope | null {
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
    void reply.header('www-authenticate', given ? 'Bearer error="invalid_token"' : 'Bearer');
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

/** Digests have one length, and all are compared, so the time taken reveals nothing about a token. */
function find(given: string, tokens: readonly AccessToken[]): AccessToken | null {
  const wanted = digest(given);
  let found: AccessToken | null = null;
  for (const token of tokens) {
    if (timingSafeEqual(wanted, digest(token.token.reveal()))) found = token;
  }
  return found;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
