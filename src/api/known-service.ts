import { SlipwayError } from '../errors.js';
import type { Service } from '../model/service.js';
import type { ApiDeps } from './deps.js';
import { nearNames } from '../near-names.js';

/** The service of that name. Fails with `unknown-service` and `suggestions` of similar names. */
export function knownService(deps: Pick<ApiDeps, 'services'>, name: string): Service {
  const services = deps.services();
  const service = services.get(name);
  if (service) return service;
  const suggestions = nearNames(name, services.keys());
  const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new SlipwayError('unknown-service', `No service is called ${JSON.stringify(name)}.${hint}`, {
    extra: { suggestions },
  });
}
