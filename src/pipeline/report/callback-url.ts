import { SlipwayError } from '../../errors.js';

/**
 * The address of a callback, if it may be called: http or https, without a user name, and its host is one of `allowedHosts`. These are
 * `host` (the scheme's own port) or `host:port`, compared whole. Otherwise `callback-not-allowed`.
 */
export function requireCallbackUrl(text: string, allowedHosts: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const ownPort = url === null ? null : (ownPorts.get(url.protocol) ?? null);
  if (url === null || ownPort === null || url.username !== '' || url.password !== '')
    throw new SlipwayError('callback-not-allowed', 'The callback is not a plain http or https address.');
  // URL leaves a scheme's own port out of `host`.
  const names = url.port === '' ? [url.host, `${url.host}:${ownPort}`] : [url.host];
  if (!allowedHosts.some((allowed) => names.includes(allowed.toLowerCase())))
    throw new SlipwayError('callback-not-allowed', `Callbacks to ${url.host} are not allowed.`);
  return url;
}

const ownPorts: ReadonlyMap<string, string> = new Map([
  ['http:', '80'],
  ['https:', '443'],
]);
