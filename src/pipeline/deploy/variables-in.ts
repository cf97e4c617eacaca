import type { Variables } from '../../model/run-file.js';
import type { DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';

/** The variables of environment and service as they are today. What they were made of may be printed by itself, so it is masked. */
export function variablesIn(
  { environment, deployment }: Pick<DeployAttempt, 'environment' | 'deployment'>,
  { services }: Pick<DeployDeps, 'services'>,
): readonly Variables[] {
  const own = services().get(deployment.service)?.deploy?.variables.get(environment.name);
  return [environment.variables.reveal(), ...(own === undefined ? [] : [own.reveal()])];
}
