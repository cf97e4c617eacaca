import { fastifyCsrfProtection } from '@fastify/csrf-protection';
import { fastifySecureSession } from '@fastify/secure-session';
import type { FastifyRequest } from 'fastify';
import type { AccessToken } from '../access.js';
import type { ApiDeps } from './deps.js';
import { markOf } from './known-token.js';
import type { App } from './route.js';

/** A session ends after this time if no page asks for it. */
const IDLE_MS = 12 * 60 * 60 * 1000;
/** Every session ends after this time. */
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;
/** How often a session that is used gets a new cookie. */
const RENEW_MS = 10 * 60 * 1000;

/** Who logged in with which token, and when. */
interface Login {
  readonly name: string;
  readonly mark: string;
  readonly since: number;
  readonly seen: number;
}

declare module '@fastify/secure-session' {
  interface SessionData {
    login: Login;
  }
}

type SessionDeps = Pick<ApiDeps, 'tokens' | 'clock'>;

/** True if browsers reach the server over TLS. */
export const isSecure = (publicUrl: string | null): boolean => publicUrl !== null && /^https:/i.test(publicUrl);

/** The name of the cookie. With `__Host-`, browsers take it only over TLS and from no other host. */
export const cookieNameOf = (publicUrl: string | null): string => (isSecure(publicUrl) ? '__Host-slipway' : 'slipway');

/** Reads and writes the sealed cookie of browsers. Must be installed before the access control. */
export async function installSessions(
  app: App,
  { publicUrl, sessionKey }: Pick<ApiDeps, 'publicUrl' | 'sessionKey'>,
): Promise<void> {
  const secure = isSecure(publicUrl);
  await app.register(fastifySecureSession, {
    key: sessionKey.reveal(),
    cookieName: cookieNameOf(publicUrl),
    expiry: MAX_AGE_MS / 1000,
    cookie: { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge: IDLE_MS / 1000 },
  });
  await app.register(fastifyCsrfProtection, {
    sessionPlugin: '@fastify/secure-session',
    getToken: ({ headers }) => String(headers['x-csrf-token'] ?? ''),
  });
}

/** The token that a browser logged in with. Null: there is no session, it is over, or the token was removed or changed. */
export function tokenOfSession({ session }: FastifyRequest, { tokens, clock }: SessionDeps): AccessToken | null {
  const login = session.get('login');
  if (login === undefined) return null;
  const now = clock.now();
  // A clock that was set back must not make a session last longer.
  if (Math.abs(now - login.since) >= MAX_AGE_MS || Math.abs(now - login.seen) >= IDLE_MS) return null;
  return tokens().find((token) => token.name === login.name && markOf(token) === login.mark) ?? null;
}

/** Begins a session. What the cookie held before is forgotten. */
export function beginSession({ session }: FastifyRequest, token: AccessToken, { clock }: Pick<ApiDeps, 'clock'>): void {
  const now = clock.now();
  session.regenerate();
  session.set('login', { name: token.name, mark: markOf(token), since: now, seen: now });
}

/**
 * Notes that a session is used, so that it goes on. For `GET /ui/session` alone: an answer to another call might arrive after the
 * user has logged out, and its cookie would log in again.
 */
export function renewSession({ session }: FastifyRequest, { clock }: Pick<ApiDeps, 'clock'>): void {
  const login = session.get('login');
  const now = clock.now();
  if (login !== undefined && Math.abs(now - login.seen) >= RENEW_MS) session.set('login', { ...login, seen: now });
}
