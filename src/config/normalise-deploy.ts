import type { DeploySettings } from '../model/environment.js';
import type { Verify } from '../model/run-file.js';
import { Secret } from '../secret.js';
import type { WrittenDeploy } from './deploy-schema.js';
import { placeOf } from './describe.js';
import { allowOf, variablesOf, type DeploySurroundings } from './normalise-environment.js';
import { repositoryPath } from './repository-path.js';

/** Applies every default to how a service is deployed. */
export function normaliseDeploy(
  service: string,
  written: WrittenDeploy | undefined,
  surroundings: DeploySurroundings,
): DeploySettings | null {
  if (written === undefined) return null;
  const { file, environments, variables = {}, allow = {}, verify, formerly } = written;
  const place = `${placeOf('services', service)}.deploy.variables`;
  return {
    file: file === undefined ? null : repositoryPath(file),
    environments,
    variables: new Map(
      Object.entries(variables).map(([name, its]) => [
        name,
        new Secret(variablesOf(its, placeOf(place, name), surroundings)),
      ]),
    ),
    allow: new Map(Object.entries(allow).map(([name, its]) => [name, allowOf(its)])),
    verify: verify === undefined ? null : new Secret(verify),
    secretVerifyKeys: secretKeysOf(verify ?? {}, `${placeOf('services', service)}.deploy.verify`, surroundings),
    formerly: formerly ?? null,
  };
}

/** A key counts if the variable is anywhere below it. */
function secretKeysOf(verify: Verify, place: string, { secretPlaces }: DeploySurroundings): readonly (keyof Verify)[] {
  const places = [...secretPlaces.keys()];
  const isSecret = (key: string) => {
    const own = placeOf(place, key);
    return places.some((one) => one === own || one.startsWith(`${own}.`) || one.startsWith(`${own}[`));
  };
  return (Object.keys(verify) as (keyof Verify)[]).filter(isSecret);
}
