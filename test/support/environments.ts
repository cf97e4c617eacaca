import type { Environment } from '../../src/model/environment.js';
import { configOf } from './write-config.js';

/** The least that a configuration with environments holds; `more` is added to the end. */
export const withEnvironments = (environments: string, deploy = '{ environments: [] }', more = '') => `
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
environments: ${environments}
services:
  web: { repository: abc/web, branches: [main, 'release/*'], deploy: ${deploy} }
${more}`;

export const hostA = 'a: { engine: "unix:///run/a.sock", address: 127.0.0.1 }';
export const hostB = 'b: { engine: "ssh://deploy@10.0.0.12", address: 10.0.0.12 }';
export const haproxy =
  'haproxy: { sockets: [/run/haproxy/admin.sock], backend: "bk_{service}", servers: { a: web-a, b: web-b } }';

/** The environment `production` with these settings, on the host `a`. */
export const production = (settings = '', hosts = `{ ${hostA} }`) => `{ production: { hosts: ${hosts}, ${settings} } }`;

/** The effective environment `production` of those settings. */
export async function productionOf(
  settings = '',
  environment: Readonly<Record<string, string>> = {},
  hosts?: string,
): Promise<Environment> {
  const { environments } = await configOf(withEnvironments(production(settings, hosts)), environment);
  const found = environments.get('production');
  if (found === undefined) throw new Error('there is no such environment');
  return found;
}
