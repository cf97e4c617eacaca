import githubAppJwt from 'universal-github-app-jwt';
import type { Clock } from '../../../clock.js';
import { asSlipwayError, SlipwayError } from '../../../errors.js';
import { Secret } from '../../../secret.js';
import { askJson, type JsonMessage, type Sending } from '../send/send-json.js';
import { githubHeaders } from './api.js';

export interface GithubAppOptions extends Sending {
  readonly apiUrl: string;
  readonly id: number;
  /** PEM, as GitHub makes it. */
  readonly privateKey: Secret;
  readonly clock: Pick<Clock, 'now'>;
}

/** An installation token lasts an hour. It is renewed this long before its end. */
const RENEW_MS = 5 * 60_000;

export interface AppTokens {
  tokenFor(repository: string): Promise<Secret>;
  /** The token was refused: the App may have been installed again. */
  forget(repository: string): void;
}

/**
 * The tokens of a GitHub App, one for each repository that it is installed in ("Authenticating as a GitHub App installation"). Resolves with
 * one that is valid for some minutes. Fails as `askJson` does, and with `notice-refused` if the key is not a private key or the App is not
 * installed there.
 */
export function createAppTokens(options: GithubAppOptions): AppTokens {
  const { clock } = options;
  const known = new Map<string, { readonly token: Secret; readonly until: number }>();
  const tokenFor = async (repository: string): Promise<Secret> => {
    const kept = known.get(repository);
    if (kept !== undefined && kept.until - RENEW_MS > clock.now()) return kept.token;
    const fresh = await installationToken(repository, options);
    known.set(repository, fresh);
    return fresh.token;
  };
  return { tokenFor, forget: (repository) => void known.delete(repository) };
}

async function installationToken(repository: string, options: GithubAppOptions) {
  const jwt = await appJwt(options);
  const ask = (method: 'GET' | 'POST', path: string) => {
    const headers = { ...githubHeaders, authorization: `Bearer ${jwt}` };
    const message: JsonMessage = {
      method,
      url: new URL(options.apiUrl + path),
      headers,
      timeoutMs: 10_000,
      redirects: 'follow',
    };
    return askJson(options, message);
  };
  const installation = await ask('GET', `/repos/${repository}/installation`);
  const id = numberIn(installation, 'id');
  const answer = await ask('POST', `/app/installations/${id}/access_tokens`);
  const [token, expires] = [textIn(answer, 'token'), Date.parse(textIn(answer, 'expires_at'))];
  if (Number.isNaN(expires)) throw unreadable('expires_at');
  return { token: new Secret(token), until: expires };
}

async function appJwt({ id, privateKey, clock }: GithubAppOptions): Promise<string> {
  try {
    const now = Math.floor(clock.now() / 1_000);
    return (await githubAppJwt({ id, privateKey: privateKey.reveal(), now })).token;
  } catch (thrown) {
    const why = asSlipwayError(thrown).message.split('\n', 1)[0];
    throw new SlipwayError('notice-refused', `github.app.privateKey cannot be used: ${why}`, { cause: thrown });
  }
}

function memberOf(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null
    ? (answer as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function textIn(answer: unknown, name: string): string {
  const value = memberOf(answer, name);
  if (typeof value === 'string') return value;
  throw unreadable(name);
}

/** A whole number of GitHub's. Fails with `notice-failed`. */
export function numberIn(answer: unknown, name: string): number {
  const value = memberOf(answer, name);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw unreadable(name);
}

const unreadable = (name: string) => new SlipwayError('notice-failed', `GitHub answered without a valid ${name}.`);
