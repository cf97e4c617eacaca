import { SlipwayError } from '../errors.js';
import type { Environment } from '../model/environment.js';
import { nearNames } from '../near-names.js';
import type { ApiDeps } from './deps.js';

/** The environment of that name. Fails with `unknown-environment` and `suggestions` of similar names. */
export function knownEnvironment({ environments }: Pick<ApiDeps, 'environments'>, name: string): Environment {
  const known = environments().get(name);
  if (known !== undefined) return known;
  throw unknown(
    'unknown-environment',
    `No environment is called ${JSON.stringify(name)}.`,
    name,
    environments().keys(),
  );
}

/** Fails with `unknown-host` and `suggestions`, unless the environment has such a host. */
export function requireHost({ name: environment, hosts }: Environment, host: string): void {
  if (hosts.has(host)) return;
  throw unknown('unknown-host', `${environment} has no host ${JSON.stringify(host)}.`, host, hosts.keys());
}

function unknown(
  code: 'unknown-environment' | 'unknown-host',
  what: string,
  name: string,
  names: Iterable<string>,
): SlipwayError {
  const suggestions = nearNames(name, names);
  const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return new SlipwayError(code, `${what}${hint}`, { extra: { suggestions } });
}
