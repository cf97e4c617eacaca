import type { DeployedRelease, KeptSpecification } from '../model/deployment.js';
import type { Environment } from '../model/environment.js';
import type { Release } from '../model/release.js';
import type { Specification } from './specify.js';

/** A specification with the settings of the hosts as they are now: a deployment is carried out with it, whatever is configured later. */
export const keptSpecification = (
  { image, parameters, verify, secretVerifyKeys }: Specification,
  { hosts }: Pick<Environment, 'hosts'>,
): KeptSpecification => ({
  image,
  parameters,
  verify: verify?.reveal() ?? null,
  secretVerifyKeys,
  publish: Object.fromEntries([...hosts.values()].map(({ name, publish }) => [name, publish])),
});

/** A release as a deployment keeps it. */
export const deployedRelease = ({ number, branch, commit, image }: Release): DeployedRelease => ({
  number,
  branch,
  commit,
  tag: image.tags[0] ?? null,
  digest: image.digest,
});
