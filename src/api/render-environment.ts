import type { BalancedState } from '../balancer/contract.js';
import { currentOf } from '../current-container.js';
import { releaseOn } from '../decide/release-on.js';
import { driftOn } from '../decide/container-drift.js';
import { windowAt } from '../decide/window.js';
import { isoTime } from '../iso-time.js';
import type { ContainerStatus } from '../model/container.js';
import type { Deployment, Desired, SpecOn } from '../model/deployment.js';
import type { Environment, HostSettings } from '../model/environment.js';
import type { Hold } from '../model/hold.js';
import type { Drift, HostObservation, OwnContainer, SeenContainers } from '../model/observation.js';
import type { Release } from '../model/release.js';
import type { Difference } from '../run-file/diff.js';
import type {
  ContainerJson,
  EnvironmentJson,
  HoldJson,
  ServiceInEnvironmentJson,
  ServiceOnHostJson,
} from './environment-schema.js';

/** What an answer about an environment is made of. */
export interface Shown {
  readonly environment: Environment;
  /** Null: nobody holds it. */
  readonly hold: Hold | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The services that are deployed there by the configuration. */
  readonly services: ReadonlySet<string>;
  /** What should run there, by service. */
  readonly desired: ReadonlyMap<string, Desired>;
  /** The deployments there that have not ended. */
  readonly unfinished: readonly Deployment[];
  readonly observationOf: (host: string) => HostObservation | null;
  /** Null: no such release is known. */
  readonly releaseOf: (service: string, number: number) => Promise<Release | null>;
  /** The hosts on which a service does not stay up by repairs. */
  readonly restlessOf: (service: string) => readonly string[];
  readonly specOn: SpecOn;
  /** What the balancer said last. Null: it could not be asked. */
  readonly balancedOf: (service: string) => ReadonlyMap<string, BalancedState> | null;
  readonly pendingOf: (desired: Desired) => Promise<readonly Difference[]>;
  /** False: the values of parameters are not for the caller. */
  readonly showsParameters: boolean;
}

/** An environment as the API shows it: what is desired, and what is known of its hosts. */
export async function renderEnvironment(shown: Shown): Promise<EnvironmentJson> {
  const { environment, desired, observationOf } = shown;
  const hosts = [...environment.hosts.values()];
  const seen = hosts.flatMap(({ name }) => observationOf(name)?.seen?.own ?? []).map(({ service }) => service);
  const services = [...new Set([...shown.services, ...desired.keys(), ...seen])].sort();
  const before = [...desired.values()].flatMap(({ specification }) => Object.keys(specification.publish));
  return {
    name: environment.name,
    strategy: environment.strategy,
    gate: environment.gate,
    window: renderWindow(shown),
    hold: shown.hold && renderHold(shown.hold),
    approvals: environment.approvals,
    hosts: hosts.map((host) => renderHost(host, observationOf(host.name))),
    orphanedHosts: [...new Set(before)].filter((host) => !environment.hosts.has(host)).sort(),
    services: await Promise.all(services.map((service) => renderService(service, shown))),
  };
}

function renderWindow({ environment: { window }, now }: Shown): EnvironmentJson['window'] {
  if (window.length === 0) return null;
  const { open, opensAt, closesAt } = windowAt(window, now);
  return { open, opensAt: timeOf(opensAt), closesAt: timeOf(closesAt) };
}

/** A hold as the API shows it. */
export const renderHold = ({ by, reason, until }: Hold): HoldJson => ({ by, reason, until: timeOf(until) });

function renderHost({ name, address }: HostSettings, known: HostObservation | null): EnvironmentJson['hosts'][number] {
  const [reachable, at] = [known?.reachable ?? null, known?.seen?.at ?? null];
  const since = reachable === null ? null : timeOf(known?.since);
  return { name, address, reachable, since, observedAt: timeOf(at) };
}

async function renderService(service: string, shown: Shown): Promise<ServiceInEnvironmentJson> {
  const names = [...shown.environment.hosts.keys()];
  const desired = shown.desired.get(service) ?? null;
  const hosts = await Promise.all(names.map((host) => renderServiceOnHost(service, host, shown)));
  const wanted = desired?.wanted === 'running' ? names.filter((host) => isMeant(desired, host)).length : 0;
  return {
    service,
    orphaned: !shown.services.has(service),
    desired: desired && { release: desired.release.number, tag: desired.release.tag },
    pending: desired === null ? [] : (await shown.pendingOf(desired)).map((one) => renderPending(one, shown)),
    hosts,
    scale: { running: hosts.filter(({ state }) => state === 'running').length, wanted },
    deploymentId: desired?.deploymentId ?? null,
  };
}

/** A host that came after the deployment has nothing to run yet. */
const isMeant = ({ specification }: Desired, host: string): boolean => Object.hasOwn(specification.publish, host);

function renderPending({ field, from, to, secret }: Difference, { showsParameters }: Shown) {
  return showsParameters ? { field, now: from, next: to, secret } : { field, now: null, next: null, secret };
}

/** Fields that are no parameters: everybody who may see an environment may see them. */
const open = new Set(['image', 'state', 'unknown-deployment', 'does-not-stay-up']);

function renderDrift({ field, wanted, found }: Drift, { showsParameters }: Shown): Drift {
  return showsParameters || open.has(field) ? { field, wanted, found } : { field, wanted: null, found: null };
}

async function renderServiceOnHost(service: string, host: string, shown: Shown): Promise<ServiceOnHostJson> {
  const known = shown.observationOf(host);
  const desired = shown.desired.get(service) ?? null;
  const container = current(service, host, shown);
  const own = container === null ? nothing : renderOwn(container, await releaseRun(container, shown));
  const fields = { ...own, balancer: balancerOf(service, host, shown) };
  if (known?.reachable !== true) return { host, ...fields, state: 'unknown', health: null };
  const its = shown.unfinished.filter((one) => one.service === service);
  const unfinished = new Set(its.map(({ id }) => id));
  const isChanging = its.some(({ status }) => status === 'running');
  const isRestless = shown.restlessOf(service).includes(host);
  const drift = driftOn({ host, container, desired, unfinished, isChanging, isRestless });
  return { host, ...fields, drift: drift.map((one) => renderDrift(one, shown)) };
}

/** Null: the environment has no balancer. */
const balancerOf = (
  service: string,
  host: string,
  { environment, balancedOf }: Shown,
): ServiceOnHostJson['balancer'] =>
  environment.balancer === null ? null : (balancedOf(service)?.get(host) ?? 'unknown');

/** With the release that it stands for. */
function current(service: string, host: string, { desired, observationOf, specOn }: Shown): OwnContainer | null {
  const own = observationOf(host)?.seen?.own ?? [];
  const found = currentOf(own.filter((one) => one.service === service));
  return found && { ...found, release: releaseOn(host, found, desired.get(service) ?? null, specOn) };
}

interface ReleaseRun {
  readonly tag: string | null;
  readonly digest: string;
}

/** What is desired is known already. */
async function releaseRun(
  { service, release }: OwnContainer,
  { desired, releaseOf }: Shown,
): Promise<ReleaseRun | null> {
  const wanted = desired.get(service)?.release;
  if (wanted?.number === release) return wanted;
  const found = await releaseOf(service, release);
  return found && { tag: found.image.tags[0] ?? null, digest: found.image.digest };
}

type Fields = Omit<ServiceOnHostJson, 'host'>;

const nothing: Fields = {
  release: null,
  tag: null,
  digest: null,
  containerId: null,
  state: 'missing',
  health: null,
  balancer: null,
  startedAt: null,
  restarts: 0,
  lastExit: null,
  drift: [],
};

function renderOwn(container: OwnContainer, release: ReleaseRun | null): Fields {
  const { status, health, startedAt, restarts, lastExit } = container.state;
  return {
    ...nothing,
    release: container.release,
    tag: release?.tag ?? null,
    digest: digestOf(container, release),
    containerId: container.id,
    state: shownStates[status],
    health,
    startedAt: timeOf(startedAt),
    restarts,
    lastExit: lastExit && { code: lastExit.code, oom: lastExit.oom, at: isoTime(lastExit.at) },
  };
}

const timeOf = (at: number | null | undefined): string | null => (at === null || at === undefined ? null : isoTime(at));

/** What is paused, dead or being removed answers nobody. The list of containers has the engine's own word. */
const shownStates: Readonly<Record<ContainerStatus, ServiceOnHostJson['state']>> = {
  created: 'created',
  running: 'running',
  restarting: 'restarting',
  paused: 'exited',
  exited: 'exited',
  dead: 'exited',
  removing: 'exited',
};

/** An image may have a digest for each registry that it came from. */
function digestOf({ digests }: OwnContainer, release: ReleaseRun | null): string | null {
  const bare = digests.map((digest) => digest.slice(digest.indexOf('@') + 1));
  return bare.find((digest) => digest === release?.digest) ?? bare[0] ?? null;
}

/** Our containers, each with the release that it stands for, then the foreign ones that hold ports or claim to be ours. */
export const renderContainers = (
  { own, foreign }: SeenContainers,
  releaseOf: (container: OwnContainer) => number,
): ContainerJson[] => [
  ...own.map((one) => ({
    ...{ id: one.id, name: one.name, image: one.image, state: one.state.status, ours: true },
    ...{ service: one.service, release: releaseOf(one), ports: [...one.ports] },
  })),
  ...foreign.map(({ id, name, image, state, ports }) => ({
    ...{ id, name, image, state, ours: false, service: null, release: null },
    ports: [...ports],
  })),
];
