import type { Environment } from '../../model/environment.js';
import type { HostObservation } from '../../model/observation.js';
import { requireDeployable } from '../../pipeline/deploy/may-deploy.js';
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

/** What the ticket would do now. Asks no host and records nothing. */
export async function plan(call: DeploymentPlanCall, deps: DeployDeps): Promise<DeploymentPlan> {
  const { deployments } = deps.store;
  const service = serviceOf(call.service, deps);
  const { environment, deploy } = placeOf(service, call.environment, deps);
  const found = await resolve(call.target, service, { by: null }, deps);
  if ('build' in found) throw noRelease(`Build ${found.build.id} has not ended, so there is no release to plan yet.`);
  const { release } = found;
  await requireDeployable(release, environment, call.force, deployments);
  const [specified, desired, before, { items: latest }] = await Promise.all([
    specify({ release, environment, deploy }, deps),
    deployments.desired(environment.name, service.name),
    deployments.before(environment.name, service.name),
    deployments.page({ service: service.name, environment: environment.name, limit: LATEST, cursor: null }),
  ]);
  const history = await releasedCommits(service.repository, desired?.release.commit ?? null, release.commit, deps.git);
  const next = nextOf(specified, environment);
  const observed = observationsOf(environment, deps);
  return {
    ...{ service: service.name, environment: environment.name, release: release.number },
    runFileCommit: release.runFile.commit,
    hosts: [...observed].map(([host, observation]) =>
      planHost({ host, service: service.name, observation, desired, next, latest, specOf: deps.specOf }),
    ),
    commits: history.commits,
    warnings: [...specificationWarnings(release, specified), ...awayOf(observed), ...history.warnings],
    faults: specified.faults,
    drift: driftOf(service.name, observed),
    rollbackTo: before[0] ?? null,
  };
}

const nextOf = ({ specification }: Specified, environment: Environment) =>
  specification && { specification: keptSpecification(specification, environment), origins: specification.origins };

const observationsOf = ({ name, hosts }: Environment, { observations }: DeployDeps) =>
  new Map([...hosts.keys()].map((host) => [host, observations.of(name, host)]));

/** How what runs differs from what is desired, as it was seen last. */
const driftOf = (service: string, observed: ReadonlyMap<string, HostObservation | null>): DeploymentPlan['drift'] =>
  [...observed].flatMap(([host, observation]) =>
    (observation?.seen?.own ?? [])
      .filter((one) => one.service === service)
      .flatMap(({ compared }) => (compared?.drift ?? []).map((field) => ({ host, ...field }))),
  );

const awayOf = (observed: ReadonlyMap<string, HostObservation | null>): readonly string[] =>
  [...observed].flatMap(([host, observation]) => {
    if (observation?.reachable === true) return [];
    return [
      observation?.reachable === false
        ? `host ${host} is not reachable: ${observation.why ?? 'the reason is not known'}`
        : `host ${host} was not asked yet`,
    ];
  });
