import { SlipwayError } from '../errors.js';

/** True if a host name (of a URL: brackets around IPv6) is this machine: `localhost`, 127.0.0.0/8, `::1`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/**
 * The root of the registry's API. Plain http if `insecure` is set, and for loopback hosts, which Docker always treats as insecure (dockerd
 * reference, `--insecure-registry`). Otherwise https. Fails with `registry-error` if `host` is not `host[:port]`.
 */
export function registryAddress(host: string, insecure: boolean): URL {
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : null;
  if (url === null || host !== host.trim() || /[/?#@\\]/.test(host))
    throw new SlipwayError('registry-error', `“${host}” is not host[:port] of a registry.`);
  return new URL(`${insecure || isLoopback(url.hostname) ? 'http' : 'https'}://${host}/v2/`);
}
