import { SlipwayError } from '../../errors.js';
import type { Deployment, DeployedRelease, Desired, KeptSpecification } from '../../model/deployment.js';
import { verdictOf } from '../../pipeline/deploy/may-deploy.js';
import { placeOf } from '../../pipeline/deploy/place.js';
import { releaseSpecification, type ReleaseSpecification } from '../../pipeline/deploy/release-specification.js';
import { diff } from '../../run-file/diff.js';
import { deployedRelease } from '../../specification/kept-specification.js';
import type { Wanted } from '../../specification/request.js';
import { specify } from '../../specification/specify.js';
import { serviceOf } from '../service-of.js';
import { ask } from './ask.js';
import type { ActCall, DeploymentPlan, RollbackPlanCall } from './contract.js';
import type { DeployDeps } from './deps.js';
import { planRelease, readyFrom } from './plan.js';
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
  const { service, place, release, kept } = await wayBack(call, deps);
  const made = kept ?? (await releaseSpecification({ release, ...place } satisfies Wanted, deps));
  const asked = { kind: 'rollback', service: service.name, environment: at, by, useKept } as const;
  return ask({ ...asked, release: deployedRelease(release), ...made }, claim, deps);
}

/** What such a rollback would do now. Asks no host and records nothing. Fails as `rollback`, without the codes of run files. */
export async function planRollback(call: RollbackPlanCall, deps: DeployDeps): Promise<DeploymentPlan> {
  const { service, place, desired, release, kept } = await wayBack(call, deps);
  const { environment } = place;
  if (kept !== null) {
    const next = { specification: kept.specification, origins: null };
    return planRelease(
      { kind: 'rollback', service, environment, release, next, warnings: [], faults: [] },
      deps,
      release.number,
    );
  }
  const ready = readyFrom(release, await specify({ release, ...place }, deps), environment);
  const then = await specificationOf(call, desired, release.number, deps);
  const warnings = [...ready.warnings, ...otherSettings(release.number, then, ready.next?.specification ?? null)];
  return planRelease({ kind: 'rollback', service, environment, release, ...ready, warnings }, deps, release.number);
}

/** What is not as it was when the release ran there: a way back with today's settings does not bring that back. */
function otherSettings(
  release: number,
  then: KeptSpecification | null,
  now: KeptSpecification | null,
): readonly string[] {
  if (then === null || now === null) return [];
  return diff(then.parameters, now.parameters).map(
    ({ field, from, to }) =>
      `other than when release ${release} ran: ${field} was ${from ?? 'not set'} and is ${to ?? 'not set'} now`,
  );
}

async function wayBack(call: RollbackPlanCall, deps: DeployDeps) {
  const { environment: at, useKept } = call;
  const service = serviceOf(call.service, deps);
  const place = placeOf(service, at, deps);
  const desired = await deps.store.deployments.desired(at, service.name);
  if (desired === null) throw impossible(call, `nothing of ${service.name} was ever deployed there with success`);
  const number = await numberOf(call, desired, deps);
  const release = await releaseOf(service.name, number, deps);
  const kept = useKept ? await keptOf(call, desired, number, deps) : null;
  return { service, place, desired, release, kept };
}

async function numberOf(call: RollbackPlanCall, desired: Desired, deps: DeployDeps): Promise<number> {
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

/** Whether a deployment has begun that a rollback would cancel. One that waits at its gate does not run. What it leads away from is then still desired. */
async function isDeploying({ service, environment }: RollbackPlanCall, { store }: DeployDeps): Promise<boolean> {
  const unfinished = await store.deployments.unfinished();
  return unfinished.some(
    (one) =>
      one.service === service &&
      one.environment === environment &&
      one.kind === 'deployment' &&
      (one.status === 'running' || (one.startedAt !== null && one.gate !== 'waits')),
  );
}

/** What the containers that were kept of a release were created from. */
async function keptOf(
  call: RollbackPlanCall,
  desired: Desired,
  number: number,
  deps: DeployDeps,
): Promise<ReleaseSpecification> {
  const specification = await specificationOf(call, desired, number, deps);
  if (specification !== null) return { specification, warnings: [] };
  throw impossible(call, `it is not known what release ${number} was run with; leave out \`useKept\``);
}

/** What a release was run with there the last time. Null: that is forgotten. */
async function specificationOf(
  { service, environment }: RollbackPlanCall,
  desired: Desired,
  number: number,
  { store: { deployments } }: DeployDeps,
): Promise<KeptSpecification | null> {
  if (desired.release.number === number) return desired.specification;
  const verdict = await verdictOf({ service, number }, environment, deployments);
  return verdict === null ? null : deployments.specification(verdict.deploymentId);
}

const shown = ({ number, tag }: DeployedRelease): string => `release ${number}${tag === null ? '' : ` (${tag})`}`;

const impossible = ({ service, environment }: RollbackPlanCall, why: string): SlipwayError =>
  new SlipwayError('rollback-impossible', `${service} in ${environment} cannot be rolled back: ${why}.`);
