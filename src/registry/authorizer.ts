import type { Clock } from '../clock.js';
import { parseBounded } from '../bounded-json.js';
import { SlipwayError } from '../errors.js';
import type { Secret } from '../secret.js';
import { isLoopback } from './address.js';
import { isRecord, tokenError } from './answer-error.js';
import { parseChallenges, type Challenge } from './challenge.js';
import type { Answer, Transport } from './transport.js';

/** Chooses the Authorization header. Tokens are cached per scope until they expire. Parallel callers share one request. */
export interface Authorizer {
  /** The header known from earlier answers, or null. */
  known(scope: string): string | null;
  /**
   * Handles a 401. Returns the header to try again with, or null if there is nothing more to offer. `refused` is the header that got the
   * 401. Fails with `registry-unauthorized` if the token server refuses or must not get the credentials.
   */
  answer(challengeHeader: string | null, scope: string, refused: string | null): Promise<string | null>;
}

export interface AuthorizerOptions {
  readonly registry: URL;
  readonly username: string | null;
  readonly password: Secret | null;
  readonly transport: Transport;
  readonly clock: Pick<Clock, 'now'>;
}

interface Token {
  readonly header: string;
  readonly expiresAt: number;
}

const MAX_TOKEN_ANSWER_BYTES = 1 << 20;
/** A token without `expires_in` lives 60 s (Docker, token authentication specification). */
const DEFAULT_LIFETIME_S = 60;
/** A token this close to its end is not used, in ms: it must outlive its request. */
const MARGIN_MS = 5_000;

/**
 * Basic (RFC 7617) and Bearer (Docker's token authentication) for one registry. Only the registry and its token server get the credentials.
 */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const basic = basicHeader(options.username, options.password);
  const tokens = new Map<string, Token>();
  const asking = new Map<string, Promise<Token>>();
  let basicWanted = false;

  const cached = (scope: string): string | null => {
    const token = tokens.get(scope);
    return token !== undefined && options.clock.now() < token.expiresAt ? token.header : null;
  };

  const ask = async (challenge: Challenge, scope: string): Promise<Token> => {
    const running = asking.get(scope);
    if (running !== undefined) return running;
    const request = requestToken(options, basic, challenge, scope);
    asking.set(scope, request);
    try {
      const token = await request;
      tokens.set(scope, token);
      return token;
    } finally {
      asking.delete(scope);
    }
  };

  return {
    known: (scope) => cached(scope) ?? (basicWanted ? basic : null),
    async answer(challengeHeader, scope, refused) {
      const challenges = parseChallenges(challengeHeader ?? '');
      const bearer = challenges.find((challenge) => challenge.scheme === 'bearer');
      if (bearer !== undefined) {
        const newer = cached(scope);
        if (newer !== null && newer !== refused) return newer;
        return (await ask(bearer, scope)).header;
      }
      if (!challenges.some((challenge) => challenge.scheme === 'basic') || refused === basic) return null;
      basicWanted = true;
      return basic;
    },
  };
}

function basicHeader(username: string | null, password: Secret | null): string | null {
  if (username === null || password === null) return null;
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`, 'utf8').toString('base64')}`;
}

async function requestToken(
  options: AuthorizerOptions,
  basic: string | null,
  challenge: Challenge,
  scope: string,
): Promise<Token> {
  const url = tokenUrl(options.registry, basic !== null, challenge, scope);
  const answer = await options.transport.send({
    method: 'GET',
    url,
    headers: basic === null ? {} : { authorization: basic },
    limit: MAX_TOKEN_ANSWER_BYTES,
  });
  if (answer.status !== 200) throw tokenError(url.host, answer);
  return readToken(url.host, answer, options.clock.now());
}

/**
 * The token server's address. Over plain http, credentials go only to this machine or to the registry itself (if `insecure`): a challenge
 * over an open line must not be able to steal the password.
 */
function tokenUrl(registry: URL, withCredentials: boolean, challenge: Challenge, scope: string): URL {
  const realm = challenge.parameters.get('realm') ?? '';
  const url = URL.canParse(realm) ? new URL(realm) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new SlipwayError('registry-unauthorized', `${registry.host} names no usable token server.`);
  const safe = url.protocol === 'https:' || isLoopback(url.hostname) || url.origin === registry.origin;
  if (withCredentials && !safe)
    throw new SlipwayError(
      'registry-unauthorized',
      `${registry.host} sends to ${url.host} for a token, over plain http: the credentials are not sent there.`,
    );
  const service = challenge.parameters.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  const scopes = (challenge.parameters.get('scope') ?? scope).split(' ').filter((one) => one !== '');
  for (const one of scopes) url.searchParams.append('scope', one);
  return url;
}

function readToken(host: string, answer: Answer, now: number): Token {
  const body = parseBounded(answer.body);
  const token = isRecord(body) ? (body.token ?? body.access_token) : undefined;
  // Only token68 (RFC 6750) can be sent as a header.
  if (!isRecord(body) || typeof token !== 'string' || !/^[A-Za-z0-9._~+/-]+=*$/.test(token))
    throw new SlipwayError('registry-error', `${host} answered a request for a token without one.`);
  const lifetime = typeof body.expires_in === 'number' && body.expires_in > 0 ? body.expires_in : DEFAULT_LIFETIME_S;
  return { header: `Bearer ${token}`, expiresAt: now + lifetime * 1000 - MARGIN_MS };
}
