import { SlipwayError } from '../../errors.js';
import type { DeploySettings, Environment } from '../../model/environment.js';
import type { Service } from '../../model/service.js';
import { nearNames } from '../../near-names.js';

export interface PlaceDeps {
  readonly environments: () => ReadonlyMap<string, Environment>;
}

/** The environment of that name. Fails with `unknown-environment` and `suggestions`. */
export function environmentOf(wanted: string, { environments }: PlaceDeps): Environment {
  const environment = environments().get(wanted);
  if (environment !== undefined) return environment;
  const suggestions = nearNames(wanted, environments().keys());
  const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  throw new SlipwayError('unknown-environment', `No environment is called ${JSON.stringify(wanted)}.${hint}`, {
    extra: { suggestions },
  });
}

/** Where and how a service is deployed. Fails with `unknown-environment` or `service-not-in-environment`. */
export function placeOf(
  { name, deploy }: Pick<Service, 'name' | 'deploy'>,
  wanted: string,
  deps: PlaceDeps,
): { readonly environment: Environment; readonly deploy: DeploySettings } {
  const environment = environmentOf(wanted, deps);
  if (deploy?.environments.includes(wanted)) return { environment, deploy };
  const setting = `services.${name}.deploy.environments`;
  throw new SlipwayError('service-not-in-environment', `${name} is not deployed in ${wanted}: see \`${setting}\`.`);
}
