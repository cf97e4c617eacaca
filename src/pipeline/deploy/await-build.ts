import type { Clock } from '../../clock.js';
import { asSlipwayError, SlipwayError } from '../../errors.js';
import type { Events } from '../../events.js';
import type { Build } from '../../model/build.js';
import type { Deployment, DeploymentError } from '../../model/deployment.js';
import type { Release } from '../../model/release.js';
import type { RunFileFault } from '../../model/run-file.js';
import type { Service } from '../../model/service.js';
import { deployedRelease } from '../../specification/kept-specification.js';
import type { SpecifyDeps } from '../../specification/specify.js';
import type { Store } from '../../store/contract.js';
import { requireDeployable } from './may-deploy.js';
import { placeOf, type PlaceDeps } from './place.js';
import { releaseSpecification } from './release-specification.js';

export interface AwaitBuildDeps extends PlaceDeps, Omit<SpecifyDeps, 'store'> {
  readonly store: Pick<Store, 'builds' | 'releases' | 'deployments' | 'formerNames'>;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly events: Pick<Events, 'publish'>;
  readonly clock: Clock;
}

/** A pending deployment that waits for a build. */
export type AwaitingBuild = Pick<Deployment, 'id' | 'service' | 'environment' | 'force'> & {
  readonly build: NonNullable<Deployment['build']>;
};

/**
 * Gives a deployment that waits for a build its release once the build has ended, or ends it: with `no-release` and the build's error if
 * the build failed, and with what would have answered the call if its release may not be deployed. May be called at any time, and changes
 * nothing while the build goes on. Fails as the store does, and with what passes by itself, such as a reading that was stopped.
 */
export async function awaitBuild(
  deployment: AwaitingBuild,
  deps: AwaitBuildDeps,
): Promise<'waiting' | 'released' | 'ended'> {
  const { id, service, environment } = deployment;
  const { deployments } = deps.store;
  try {
    const release = await releaseOf(deployment, deps);
    if (release === null) return 'waiting';
    const settings = deps.services().get(service);
    if (settings === undefined) throw new SlipwayError('unknown-service', `No service is called ${service} any more.`);
    const wanted = { release, ...placeOf(settings, environment, deps) };
    await requireDeployable(release, wanted.environment, deployment.force, deployments);
    const { specification, warnings } = await releaseSpecification(wanted, deps);
    await deployments.released(id, deployedRelease(release), specification, warnings);
    deps.events.publish({ type: 'deployment', id, service, environment, status: 'pending' });
    return 'released';
  } catch (thrown) {
    const error = asSlipwayError(thrown);
    if (error.retryable || error.code === 'internal') throw thrown;
    if (await deployments.end(id, deploymentError(error), deps.clock.now()))
      deps.events.publish({ type: 'deployment', id, service, environment, status: 'failed' });
    return 'ended';
  }
}

/** The release that the build made or that covers its commit. Null: there may still be one. Fails with `no-release`. */
async function releaseOf({ service, build: { id, branch } }: AwaitingBuild, deps: AwaitBuildDeps) {
  const { builds } = deps.store;
  const asked = await builds.get(id);
  if (asked === null) throw new SlipwayError('no-release', `Build ${id}, which it waited for, is gone.`);
  if (asked.status !== 'superseded') return releasedBy(asked, deps);
  const covering: Release | null = await deps.store.releases.covering(service, branch, asked.commit);
  const newest = covering === null ? await builds.newest(service, branch) : null;
  // The branch has moved on while the build waited: its head is what was meant.
  return newest === null || newest.id === id ? (covering ?? releasedBy(asked, deps)) : releasedBy(newest, deps);
}

async function releasedBy(build: Build, { store }: AwaitBuildDeps): Promise<Release | null> {
  const { id, service, branch, commit, status, error } = build;
  if (status === 'queued' || status === 'running') return null;
  const release = status === 'succeeded' ? await store.releases.covering(service, branch, commit) : null;
  if (release !== null) return release;
  throw new SlipwayError('no-release', `Build ${id} of ${branch} is ${status}${error ? `: ${error.message}` : ''}`, {
    extra: { build: { id, status, error } },
  });
}

/** An error as a deployment keeps it. */
export const deploymentError = (
  { code, message, blame, extra }: SlipwayError,
  host: string | null = null,
): DeploymentError => ({ code, message, host, blame, faults: faultsOf(extra) });

const faultsOf = ({ faults }: Readonly<Record<string, unknown>>): readonly RunFileFault[] =>
  Array.isArray(faults) ? (faults as readonly RunFileFault[]) : [];
