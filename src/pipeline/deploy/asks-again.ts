import { isDeepStrictEqual } from 'node:util';
import type { DeployDeps } from './deps.js';
import { expectedVersion } from './expected-version.js';
import type { Target } from './host-work.js';
import { versionNames } from './version-names.js';

/**
 * Whether a container that stays as it is has to be asked for its version once more: the target asks in another way than what is desired
 * does, or for another version. Fails as the store does.
 */
export async function asksAgain(target: Target, deps: Pick<DeployDeps, 'store'>): Promise<boolean> {
  const { verify } = target.specification;
  if (verify === null) return false;
  const desired = await deps.store.deployments.desired(target.environment, target.service);
  if (desired === null || !isDeepStrictEqual(desired.specification.verify, verify)) return true;
  if (desired.release.number === target.release) return false;
  const names = await versionNames(target.service, desired.release, deps);
  return expectedVersion(verify.expect, names).text !== target.expected.text;
}
