import { SlipwayError } from '../../errors.js';
import type { Secret } from '../../secret.js';

/** Where repositories are cloned from. All secrets are removed from the address. */
export interface CloneSource {
  /** Address of `owner/name`, free of credentials. */
  url(repository: string): string;
  /** The only allowed transport, by git's name. */
  readonly protocol: string;
  /** The `http.<scope>.extraHeader` that signs in. Null without credentials or without HTTP. */
  readonly login: { readonly scope: string; readonly header: string } | null;
  /** Texts that must never appear in output. */
  readonly secrets: readonly string[];
}

/** `host[:port]` of an address for HTTP, or null for any other. */
export const hostOf = (url: string): string | null =>
  /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).host : null;

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** `https://…`, `host:path` (ssh) or a local path. */
function protocolOf(cloneUrl: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(cloneUrl)?.[1];
  if (scheme !== undefined) return scheme.toLowerCase();
  return /^[^/]+:/.test(cloneUrl) ? 'ssh' : 'file';
}

/**
 * Reads `github.cloneUrl`. Over HTTP the token signs in as `x-access-token`, GitHub's name for tokens of apps and persons. Without a token,
 * a user and password in the address do. Both are sent as a header and removed from the address, because git puts addresses into arguments
 * and messages.
 */
export function cloneSource(cloneUrl: string, token: Secret | null): CloneSource {
  const protocol = protocolOf(cloneUrl);
  const url = (template: string) => (repository: string) => template.replaceAll('{repository}', repository);
  if (protocol !== 'http' && protocol !== 'https') return { url: url(cloneUrl), protocol, login: null, secrets: [] };
  const parts = /^(https?:\/\/)(?:([^/@]*)@)?([^/]*)(.*)$/is.exec(cloneUrl);
  if (parts === null) throw new SlipwayError('invalid-configuration', 'github.cloneUrl is not an address');
  const [, scheme = '', userinfo, host = '', path = ''] = parts;
  const written = userinfo === undefined ? null : decodeUserinfo(userinfo);
  const credentials = token === null ? written : `x-access-token:${token.reveal()}`;
  const secrets = [token?.reveal(), userinfo, written].filter(
    (text) => text !== undefined && text !== null && text !== '',
  ) as string[];
  const login =
    credentials === null ? null : { scope: `${scheme}${host}/`, header: `Authorization: Basic ${base64(credentials)}` };
  return {
    url: url(`${scheme}${host}${path}`),
    protocol,
    login,
    secrets: login === null ? secrets : [...secrets, base64(credentials ?? '')],
  };
}

/** `user:password`, percent-decoded. A user alone has an empty password. */
function decodeUserinfo(userinfo: string): string {
  const [user = '', ...password] = userinfo.split(':').map(percentDecoded);
  return `${user}:${password.join(':')}`;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text with every secret replaced. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
}
