/** A browser that logs in with a token and keeps its cookie. */
import type { AccessToken } from '../../src/access.js';
import { Secret } from '../../src/secret.js';
import type { TestApp } from './app.js';

export interface Session {
  readonly cookie: string;
  readonly csrf: string;
}

/** What a browser says of a call that a page of the same server makes. */
export const ownPage = { 'sec-fetch-site': 'same-origin' };

export const accessToken = (name: string, text: string, scopes: AccessToken['scopes']): AccessToken => ({
  ...{ name, scopes, token: new Secret(text) },
  environments: null,
});

let addresses = 0;
/** Attempts to log in are counted for each address. */
export const newAddress = (): string => `10.0.${(addresses += 1) >> 8}.${addresses & 255}`;

/** Sends a token from an address, by default one that nobody has used. */
export const attempt = (
  { app }: TestApp,
  payload: object,
  headers: Record<string, string> = {},
  remoteAddress = newAddress(),
) => app.inject({ method: 'POST', url: '/ui/session', remoteAddress, payload, headers });

/** The cookie of an answer as a browser sends it back. */
export const cookieOf = ({ headers }: { readonly headers: object }): string =>
  String((headers as Record<string, unknown>)['set-cookie']).split(';')[0] ?? '';

/** Logs in with the text of a token. */
export async function logIn(server: TestApp, token: string): Promise<Session> {
  const answer = await attempt(server, { token });
  if (answer.statusCode !== 200) throw new Error(`could not log in: ${answer.body}`);
  return { cookie: cookieOf(answer), csrf: answer.json<{ csrfToken: string }>().csrfToken };
}

/** A call that starts something. */
export const look = ({ app }: TestApp, headers: Record<string, string>) =>
  app.inject({ method: 'POST', url: '/api/v1/look', payload: { repository: 'abc/java-service-1' }, headers });
