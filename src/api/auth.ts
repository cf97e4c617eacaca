import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessToken, Scope } from '../config/config.js';
import { SlipwayError } from '../errors.js';
import type { ApiDeps } from './contract.js';
import type { App } from './route.js';

/** Who may call a route: `open` anybody; `read` readers; `metrics` as `access.metrics` says; `build` those who may start builds. */
export type Access = 'open' | 'read' | 'metrics' | 'build';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Left out: `read`, so that a route that forgets to say it is closed. */
    access?: Access;
  }
  interface FastifyRequest {
    /** Name of the token that the call was made with; `anonymous` where none was needed. */
    caller: string;
  }
}

type AuthDeps = Pick<ApiDeps, 'tokens' | 'anonymousRead' | 'metrics'>;

/** Scopes that include a scope (CONTRACT: `build` includes `read`, `admin` includes both). */
const including: Record<'read' | 'build', readonly Scope[]> = {
  read: ['read', 'build', 'admin'],
  build: ['build', 'admin'],
};

/** Checks every request before its body is read. Answers `unauthorized` and `forbidden`. */
export function installAuth(app: App, deps: AuthDeps): void {
  app.decorateRequest('caller', 'anonymous');
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const scope = requiredScope(request.routeOptions.config.access ?? 'read', deps);
    if (scope !== null) request.caller = authorize(request, reply, scope, deps.tokens());
  });
}

/** The scope that a call needs now; null: none. */
function requiredScope(access: Access, deps: AuthDeps): 'read' | 'build' | null {
  switch (access) {
    case 'open':
      return null;
    case 'metrics':
      return deps.metrics() === 'open' ? null : 'read';
    case 'read':
      return deps.anonymousRead() ? null : 'read';
    case 'build':
      return 'build';
  }
}

function authorize(
  request: FastifyRequest,
  reply: FastifyReply,
  scope: 'read' | 'build',
  tokens: readonly AccessToken[],
): string {
  const given = bearerToken(request.headers.authorization);
  const token = given === null ? null : find(given, tokens);
  if (token === null) {
    // RFC 6750, section 3: the error is named only where a token was given.
    void reply.header('www-authenticate', given === null ? 'Bearer' : 'Bearer error="invalid_token"');
    throw new SlipwayError(
      'unauthorized',
      'This call needs the header "Authorization: Bearer TOKEN" with a valid token.',
    );
  }
  if (!token.scopes.some((its) => including[scope].includes(its))) {
    void reply.header('www-authenticate', `Bearer error="insufficient_scope", scope="${scope}"`);
    throw new SlipwayError('forbidden', `The token "${token.name}" lacks the scope "${scope}".`);
  }
  return token.name;
}

function bearerToken(header: string | undefined): string | null {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}

/** Digests have one length, and all of them are compared: the time taken tells nothing about a token. */
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
