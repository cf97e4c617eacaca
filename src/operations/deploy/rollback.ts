import { SlipwayError } from '../../errors.js';
import type { Deployment, DeployedRelease, Desired } from '../../model/deployment.js';
import { verdictOf } from '../../pipeline/deploy/may-deploy.js';
import { placeOf } from '../../pipeline/deploy/place.js';
import { releaseSpecification, type ReleaseSpecification } from '../../pipeline/deploy/release-specification.js';
import { deployedRelease } from '../../specification/kept-specification.js';
import type { Wanted } from '../../specification/request.js';
import { serviceOf } from '../service-of.js';
import { ask } from './ask.js';
import type { ActCall } from './contract.js';
import type { DeployDeps } from './deps.js';
import { releaseOf } from './resolve.js';

type RollbackCall = ActCall & { readonly act: 'rollback' };

/**
 * Back to a release that ran well here, blocked or not: its image and run file with today's settings, or as it was kept. Fails with
 * `rollback-impossible` if there is nothing to go back to.
 */
export async function rollback(
  call: RollbackCall,
  claim: () => Promise<string>,
  deps: DeployDeps,
): Promise<Deployment> {
  const { environment: at, by, useKept } = call;
  const service = serviceOf(call.service, deps);
  const place = placeOf(service, at, deps);
  const desired = await deps.store.deployments.desired(at, service.name);
  if (desired === null) throw impossible(call, `nothing of ${service.name} was ever deployed there with success`);
  const number = await numberOf(call, desired, deps);
  const release = await releaseOf(service.name, number, deps);
  const kept = useKept ? await keptOf(call, desired, number, deps) : null;
  const made = kept ?? (await releaseSpecification({ release, ...place } satisfies Wanted, deps));
  const asked = { kind: 'rollback', service: service.name, environment: at, by, useKept } as const;
  return ask({ ...asked, release: deployedRelease(release), ...made }, claim, deps);
}

async function numberOf(call: RollbackCall, desired: Desired, deps: DeployDeps): Promise<number> {
  const { service, environment, release: named } = call;
  const { deployments } = deps.store;
  const present = desired.release.number;
  const isUnderWay = await isDeploying(call, deps);
  if (named === null && isUnderWay) return present;
  const before = await deployments.before(environment, service);
  if (named === null) {
    const [newest] = before;
    if (newest !== undefined) return newest;
    throw impossible(call, `no verified release was desired there before ${shown(desired.release)}`);
  }
  const { number } = await releaseOf(service, named, deps);
  if (before.includes(number)) return number;
  const isOlder = isUnderWay ? number <= present : number < present;
  if (!isOlder) throw impossible(call, `release ${number} is not older than ${shown(desired.release)}`);
  const verdict = await verdictOf({ service, number }, environment, deployments);
  if (number === present || verdict?.verdict === 'verified') return number;
  throw impossible(call, `release ${number} was never verified there`);
}

/** Whether a deployment has begun that a rollback would cancel. What it leads away from is then still desired. */
async function isDeploying({ service, environment }: RollbackCall, { store }: DeployDeps): Promise<boolean> {
  const unfinished = await store.deployments.unfinished();
  return unfinished.some(
    (one) =>
      one.service === service &&
      one.environment === environment &&
      one.kind === 'deployment' &&
      (one.status === 'running' || one.startedAt !== null),
  );
}

/** What the containers that were kept of a release were created from. */
async function keptOf(
  call: RollbackCall,
  desired: Desired,
  number: number,
  { store: { deployments } }: DeployDeps,
): Promise<ReleaseSpecification> {
  const { service, environment } = call;
  if (desired.release.number === number) return { specification: desired.specification, warnings: [] };
  const verdict = await verdictOf({ service, number }, environment, deployments);
  const specification = verdict === null ? null : await deployments.specification(verdict.deploymentId);
  if (specification !== null) return { specification, warnings: [] };
  throw impossible(call, `it is not known what release ${number} was run with; leave out \`useKept\``);
}

const shown = ({ number, tag }: DeployedRelease): string => `release ${number}${tag === null ? '' : ` (${tag})`}`;

const impossible = ({ service, environment }: RollbackCall, why: string): SlipwayError =>
  new SlipwayError('rollback-impossible', `${service} in ${environment} cannot be rolled back: ${why}.`);
