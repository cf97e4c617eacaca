import { currentOf } from '../../current-container.js';
import { closedGates } from '../../decide/gates.js';
import { driftOn } from '../../decide/container-drift.js';
import type { Deployment, Desired, KeptSpecification } from '../../model/deployment.js';
import type { Environment } from '../../model/environment.js';
import type { HostObservation } from '../../model/observation.js';
import type { Origins } from '../../model/parameters.js';
import type { Release } from '../../model/release.js';
import type { RunFileFault } from '../../model/run-file.js';
import type { Service } from '../../model/service.js';
import { requireDeployable } from '../../pipeline/deploy/may-deploy.js';
import { ownInit, twoInits } from '../../pipeline/deploy/own-init.js';
import { placeOf } from '../../pipeline/deploy/place.js';
import { keptSpecification } from '../../specification/kept-specification.js';
import { specify, type Specified } from '../../specification/specify.js';
import { specificationWarnings } from '../../specification/warnings.js';
import { serviceOf } from '../service-of.js';
import type { DeploymentPlan, DeploymentPlanCall } from './contract.js';
import type { DeployDeps } from './deps.js';
import { noRelease } from './no-release.js';
import { planHost } from './plan-host.js';
import { releasedCommits } from './released-commits.js';
import { resolve } from './resolve.js';

/** Deployments in which an interruption is looked for. */
const LATEST = 20;

/** What the ticket would do now. Asks no host, the registry for two seconds at most, and records nothing. */
export async function plan(call: DeploymentPlanCall, deps: DeployDeps): Promise<DeploymentPlan> {
  const service = serviceOf(call.service, deps);
  const { environment, deploy } = placeOf(service, call.environment, deps);
  const found = await resolve(call.target, service, { by: null }, deps);
  if ('build' in found) throw noRelease(`Build ${found.build.id} has not ended, so there is no release to plan yet.`);
  const { release } = found;
  await requireDeployable(release, environment, call.force, deps.store.deployments);
  const [specified, before] = await Promise.all([
    specify({ release, environment, deploy }, deps),
    deps.store.deployments.before(environment.name, service.name),
  ]);
  const ready = readyFrom(release, specified, environment);
  return planRelease({ kind: 'deployment', service, environment, release, ...ready }, deps, before[0]);
}

/** A release, and what its containers would be created from. */
export interface ReleaseToPlan {
  readonly kind: 'deployment' | 'rollback';
  readonly service: Service;
  readonly environment: Environment;
  readonly release: Release;
  /** Null: the run file has faults. `origins` null: nobody knows where the parameters come from. */
  readonly next: { readonly specification: KeptSpecification; readonly origins: Origins | null } | null;
  readonly warnings: readonly string[];
  readonly faults: readonly RunFileFault[];
}

export const readyFrom = (
  release: Release,
  specified: Specified,
  environment: Environment,
): Pick<ReleaseToPlan, 'next' | 'warnings' | 'faults'> => ({
  next: nextOf(specified, environment),
  warnings: specificationWarnings(release, specified),
  faults: specified.faults,
});

/** What it would be to run a release now. */
export async function planRelease(
  { kind, service, environment, release, next, warnings, faults }: ReleaseToPlan,
  deps: DeployDeps,
  rollbackTo: number | null = null,
): Promise<DeploymentPlan> {
  const { deployments } = deps.store;
  const [desired, unfinished, { items: latest }, inits] = await Promise.all([
    deployments.desired(environment.name, service.name),
    deployments.unfinished(),
    deployments.page({ service: service.name, environment: environment.name, limit: LATEST, cursor: null }),
    initsOf(next?.specification ?? null, deps),
  ]);
  const history = await releasedCommits(service.repository, desired?.release.commit ?? null, release.commit, deps.git);
  const now = deps.clock.now();
  const holds = await deps.store.holds.inForce(now);
  const observed = observationsOf(environment, deps);
  return {
    ...{ service: service.name, environment: environment.name, release: release.number },
    runFileCommit: release.runFile.commit,
    hosts: [...observed].map(([host, observation]) =>
      planHost({ host, service: service.name, observation, desired, next, latest, specOn: deps.specOn }),
    ),
    commits: history.commits,
    gates: closedGates({
      kind,
      environment,
      hold: holds.get(environment.name) ?? null,
      requester: 'the one that asks',
      approvals: [],
      now,
    }),
    warnings: [...warnings, ...inits, ...awayOf(observed), ...history.warnings],
    faults,
    drift: driftOf(service.name, observed, desired, unfinished),
    rollbackTo,
  };
}

/** Whether the image would start an init beside that of the engine. Says nothing if the registry does not tell. */
async function initsOf(
  specification: KeptSpecification | null,
  { imageEntrypoint }: Pick<DeployDeps, 'imageEntrypoint'>,
): Promise<readonly string[]> {
  if (!specification?.parameters.init) return [];
  const { parameters, image } = specification;
  const config = parameters.entrypoint === null ? await imageEntrypoint(image) : { entrypoint: null };
  const init = config && ownInit(parameters, config);
  return init === null ? [] : [twoInits(init)];
}

const nextOf = ({ specification }: Specified, environment: Environment) =>
  specification && { specification: keptSpecification(specification, environment), origins: specification.origins };

const observationsOf = ({ name, hosts }: Environment, { observations }: DeployDeps) =>
  new Map([...hosts.keys()].map((host) => [host, observations.of(name, host)]));

/** How what runs differs from what is desired, as it was seen last. What is kept beside it does not count. */
function driftOf(
  service: string,
  observed: ReadonlyMap<string, HostObservation | null>,
  desired: Desired | null,
  all: readonly Deployment[],
): DeploymentPlan['drift'] {
  return [...observed].flatMap(([host, known]) => {
    if (known?.reachable !== true || known.seen === null) return [];
    const container = currentOf(known.seen.own.filter((one) => one.service === service));
    const its = all.filter((one) => one.service === service && one.environment === known.environment);
    const unfinished = new Set(its.map(({ id }) => id));
    const isChanging = its.some(({ status }) => status === 'running');
    return driftOn({ host, container, desired, unfinished, isChanging }).map((field) => ({ host, ...field }));
  });
}

const awayOf = (observed: ReadonlyMap<string, HostObservation | null>): readonly string[] =>
  [...observed].flatMap(([host, observation]) => {
    if (observation?.reachable === true) return [];
    return [
      observation?.reachable === false
        ? `host ${host} is not reachable: ${observation.why ?? 'the reason is not known'}`
        : `host ${host} was not asked yet`,
    ];
  });
