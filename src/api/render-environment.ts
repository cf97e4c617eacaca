import { currentOf } from '../current-container.js';
import { isoTime } from '../iso-time.js';
import type { ContainerStatus } from '../model/container.js';
import type { Environment } from '../model/environment.js';
import type { HostObservation, OwnContainer, SeenContainers } from '../model/observation.js';
import type { Release } from '../model/release.js';
import type {
  ContainerJson,
  EnvironmentJson,
  ServiceInEnvironmentJson,
  ServiceOnHostJson,
} from './environment-schema.js';

/** What an answer about an environment is made of. */
export interface Shown {
  readonly environment: Environment;
  /** The services that are deployed there by the configuration. */
  readonly services: readonly string[];
  readonly observationOf: (host: string) => HostObservation | null;
  /** Null: no such release is known. */
  readonly releaseOf: (service: string, number: number) => Promise<Release | null>;
}

/** An environment as the API shows it: what is known of its hosts. Nothing is deployed yet, so nothing is desired. */
export async function renderEnvironment(shown: Shown): Promise<EnvironmentJson> {
  const { environment, observationOf } = shown;
  const hosts = [...environment.hosts.values()];
  const seen = hosts.flatMap(({ name }) => observationOf(name)?.seen?.own ?? []).map(({ service }) => service);
  const services = [...new Set([...shown.services, ...seen])].sort();
  return {
    name: environment.name,
    strategy: environment.strategy,
    gate: environment.gate,
    window: null,
    hold: null,
    hosts: hosts.map(({ name, address }) => {
      const known = observationOf(name);
      const [reachable, at] = [known?.reachable ?? null, known?.seen?.at ?? null];
      return {
        name,
        address,
        reachable,
        since: reachable === null ? null : timeOf(known?.since),
        observedAt: timeOf(at),
      };
    }),
    services: await Promise.all(services.map((service) => renderService(service, shown))),
  };
}

async function renderService(service: string, shown: Shown): Promise<ServiceInEnvironmentJson> {
  const names = [...shown.environment.hosts.keys()];
  const hosts = await Promise.all(names.map((host) => renderServiceOnHost(service, host, shown)));
  return {
    service,
    desired: null,
    pending: [],
    hosts,
    scale: { running: hosts.filter(({ state }) => state === 'running').length, wanted: 0 },
    deploymentId: null,
  };
}

async function renderServiceOnHost(
  service: string,
  host: string,
  { observationOf, releaseOf }: Shown,
): Promise<ServiceOnHostJson> {
  const known = observationOf(host);
  const isKnown = known?.reachable === true;
  const container = currentOf(known?.seen?.own.filter((one) => one.service === service) ?? []);
  const fields = container === null ? nothing : renderOwn(container, await releaseOf(service, container.release));
  return isKnown ? { host, ...fields } : { host, ...fields, state: 'unknown', health: null };
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

function renderOwn(container: OwnContainer, release: Release | null): Fields {
  const { status, health, startedAt, restarts, lastExit } = container.state;
  return {
    ...nothing,
    release: container.release,
    tag: release?.image.tags[0] ?? null,
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
function digestOf({ digests }: OwnContainer, release: Release | null): string | null {
  const bare = digests.map((digest) => digest.slice(digest.indexOf('@') + 1));
  return bare.find((digest) => digest === release?.image.digest) ?? bare[0] ?? null;
}

/** Our containers, then the foreign ones that hold ports or claim to be ours. */
export const renderContainers = ({ own, foreign }: SeenContainers): ContainerJson[] => [
  ...own.map(({ id, name, image, state, service, release, ports }) => ({
    ...{ id, name, image, state: state.status, ours: true, service, release },
    ports: [...ports],
  })),
  ...foreign.map(({ id, name, image, state, ports }) => ({
    ...{ id, name, image, state, ours: false, service: null, release: null },
    ports: [...ports],
  })),
];
