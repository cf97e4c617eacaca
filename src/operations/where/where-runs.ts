import { currentOf } from '../../current-container.js';
import { releaseOn } from '../../decide/release-on.js';
import { where, type WhereFacts } from '../../decide/where.js';
import type { Deployment, DeploymentKind, Desired } from '../../model/deployment.js';
import type { Environment } from '../../model/environment.js';
import type { HostObservation, OwnContainer } from '../../model/observation.js';
import type { Service } from '../../model/service.js';
import type { WhereAnswer, WhereCall } from '../contract.js';
import type { WhereDeps } from './deps.js';
import { imageOf } from './image-of.js';
import { createIncludes, type Made } from './includes.js';
import { meantCommit } from './meant-commit.js';

/** Deployments of a service in an environment that are looked at. */
const RECENT_DEPLOYMENTS = 50;

/** What every question about one commit needs. */
interface Asked {
  readonly service: Service;
  readonly includes: (made: Made) => Promise<boolean>;
  readonly image: WhereFacts['image'];
}

/**
 * Where a commit of a service runs, by environment in their order. Environments are those that the service is deployed in, by the
 * configuration or in fact. Fails as `meantCommit`.
 */
export async function whereRuns(call: WhereCall, deps: WhereDeps): Promise<readonly WhereAnswer[]> {
  const { service } = call;
  const commit = await meantCommit(call, deps);
  const includes = createIncludes(service, commit, deps);
  const asked = { service, includes, image: await imageOf(service.name, commit, includes, deps) };
  const answers: WhereAnswer[] = [];
  for (const environment of deps.environments().values()) {
    const desired = await deps.store.deployments.desired(environment.name, service.name);
    if (desired !== null || service.deploy?.environments.includes(environment.name))
      answers.push(await answerOf(environment, desired, asked, deps));
  }
  return answers;
}

async function answerOf(
  environment: Environment,
  desired: Desired | null,
  asked: Asked,
  deps: WhereDeps,
): Promise<WhereAnswer> {
  const { name } = environment;
  const hosts = meantHosts(environment, desired);
  const found = await Promise.all(hosts.map((host) => onHost(name, host, desired, asked, deps)));
  const isDesired = desired !== null && (await asked.includes(desired.release));
  const deployment = await newestOf(name, asked, deps);
  const { runs, reason, ...answer } = where({
    environment: name,
    hosts: found.map(({ host, runs: its }) => ({ host, runs: its })),
    // What was deployed was built.
    image: deployment?.release || isDesired ? { kind: 'covered' } : asked.image,
    deployment: deployment && (await factsOf(deployment, deps)),
    isBlocked: deployment !== null && (await isBlocked(deployment, deps)),
    desired: isDesired ? desired.wanted : null,
    desiredRelease: desired?.release.number ?? null,
  });
  const running = found.flatMap((one) => (one.runs ? [one.container] : []));
  const newest = found.flatMap((one) => (one.runs ? [one.release] : [])).sort((one, other) => other - one)[0];
  return {
    ...{ environment: name, runs, hosts: answer.hosts, reason },
    since: sinceOf(running, isDesired ? desired : null),
    release: newest ?? deployment?.release?.number ?? null,
  };
}

async function factsOf(deployment: Deployment, { waiting }: WhereDeps): Promise<WhereFacts['deployment']> {
  const { id, release, status, error } = deployment;
  const waitsFor = (await waiting.ofDeployments([deployment])).get(id) ?? null;
  return { id, release: release?.number ?? null, status, message: error?.message ?? null, waitsFor };
}

async function isBlocked({ environment, service, release }: Deployment, { store }: WhereDeps): Promise<boolean> {
  if (release === null) return false;
  const verdicts = await store.deployments.verdicts(service, [release.number]);
  return verdicts.get(environment)?.get(release.number)?.blocked === true;
}

/** A host that came after the deployment has nothing to run yet. */
const meantHosts = ({ hosts }: Environment, desired: Desired | null): readonly string[] =>
  [...hosts.keys()].filter((host) => desired === null || Object.hasOwn(desired.specification.publish, host));

function sinceOf(running: readonly OwnContainer[], desired: Desired | null): number | null {
  if (running.length === 0) return null;
  return desired?.since ?? Math.min(...running.map(({ state, createdAt }) => state.startedAt ?? createdAt));
}

type OnHost =
  | { readonly host: string; readonly runs: true; readonly container: OwnContainer; readonly release: number }
  | { readonly host: string; readonly runs: false | null };

async function onHost(
  environment: string,
  host: string,
  desired: Desired | null,
  { service, includes }: Asked,
  { observations, store, specOn }: WhereDeps,
): Promise<OnHost> {
  const known: HostObservation | null = observations.of(environment, host);
  if (known?.reachable !== true || known.seen === null) return { host, runs: null };
  const container = currentOf(known.seen.own.filter((one) => one.service === service.name));
  if (container?.state.status !== 'running') return { host, runs: false };
  const release = releaseOn(host, container, desired, specOn);
  const made = desired?.release.number === release ? desired.release : await store.releases.get(service.name, release);
  return made !== null && (await includes(made)) ? { host, runs: true, container, release } : { host, runs: false };
}

/** Those that bring a release. */
const kinds: readonly DeploymentKind[] = ['deployment', 'rollback', 'adopt'];

/** The newest deployment of a release that has the commit, or that waits for a build of it. */
async function newestOf(
  environment: string,
  { service, includes }: Asked,
  { store }: WhereDeps,
): Promise<Deployment | null> {
  const query = { service: service.name, environment, limit: RECENT_DEPLOYMENTS, cursor: null };
  for (const deployment of (await store.deployments.page(query)).items) {
    if (!kinds.includes(deployment.kind)) continue;
    const made = deployment.release ?? (await awaitedBuild(deployment, store));
    if (made !== null && (await includes(made))) return deployment;
  }
  return null;
}

async function awaitedBuild({ build }: Deployment, store: WhereDeps['store']): Promise<Made | null> {
  const found = build && (await store.builds.get(build.id));
  return found && { branch: found.branch, commit: found.commit, number: null };
}
