import { SlipwayError } from '../../errors.js';
import type { Environment } from '../../model/environment.js';
import type { Release } from '../../model/release.js';
import type { Deployments, Verdict } from '../../store/contract.js';

type Named = Pick<Release, 'service' | 'number'>;
type Verdicts = Pick<Deployments, 'verdicts'>;

/** What became of a release in an environment. Null: it was never deployed there to an end. */
export async function verdictOf(
  { service, number }: Named,
  environment: string,
  deployments: Verdicts,
): Promise<Verdict | null> {
  const verdicts = await deployments.verdicts(service, [number]);
  return verdicts.get(environment)?.get(number) ?? null;
}

/** Fails with `release-not-verified` or, without `force`, with `release-blocked` if the release may not be deployed in the environment. */
export async function requireDeployable(
  release: Named,
  { name, requires }: Pick<Environment, 'name' | 'requires'>,
  force: boolean,
  deployments: Verdicts,
): Promise<void> {
  const what = `Release ${release.number} of ${release.service}`;
  if (requires !== null && (await verdictOf(release, requires, deployments))?.verdict !== 'verified')
    throw new SlipwayError(
      'release-not-verified',
      `${what} was not verified in ${requires}, which ${name} requires. Deploy it there first.`,
    );
  const verdict = force ? null : await verdictOf(release, name, deployments);
  if (verdict?.blocked !== true) return;
  const why = verdict.code === null ? 'somebody rolled back from it' : verdict.code;
  throw new SlipwayError(
    'release-blocked',
    `${what} is blocked in ${name}: ${why} (deployment ${verdict.deploymentId}). Deploy a newer one, or say \`force\`.`,
    { extra: { deploymentId: verdict.deploymentId, reason: verdict.code } },
  );
}
