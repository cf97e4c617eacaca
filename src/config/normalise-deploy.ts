import type { DeploySettings } from '../model/environment.js';
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
    formerly: formerly ?? null,
  };
}
