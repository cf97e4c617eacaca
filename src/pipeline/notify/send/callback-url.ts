import { SlipwayError } from '../../../errors.js';

/**
 * Parses a callback address and checks that it may be called. It must be http or https without a user name, and its host must be one of
 * `allowedHosts`: `host` (default port) or `host:port`, compared whole. Fails with `callback-not-allowed`.
 */
export function requireCallbackUrl(text: string, allowedHosts: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const ownPort = url === null ? null : (ownPorts.get(url.protocol) ?? null);
  if (url === null || ownPort === null || url.username !== '' || url.password !== '')
    throw new SlipwayError('callback-not-allowed', 'The callback is not a plain http or https address.');
  // URL omits the default port from `host`.
  const names = url.port === '' ? [url.host, `${url.host}:${ownPort}`] : [url.host];
  if (!allowedHosts.some((allowed) => names.includes(allowed.toLowerCase())))
    throw new SlipwayError('callback-not-allowed', `Callbacks to ${url.host} are not allowed.`);
  return url;
}

const ownPorts: ReadonlyMap<string, string> = new Map([
  ['http:', '80'],
  ['https:', '443'],
]);
