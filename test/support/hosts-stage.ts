/** A whole Slipway with hosts: engines behind proxies, a registry, git over HTTP, and a service whose releases differ in what they say. */
import Docker, { type ContainerInspectInfo } from 'dockerode';
import type { Clock } from '../../src/clock.js';
import type { ObservedContainer } from '../../src/hosts/contract.js';
import { loadConfig } from '../../src/config/load.js';
import { systemClock } from '../../src/system-clock.js';
import { startTestGitHost, type TestGitHost } from './git.js';
import { hostImage, startHostEngines, type HostEngine } from './host-engines.js';
import { startHostProxy, type HostProxy } from './host-proxy.js';
import { registryUser, startRegistry, type RunningRegistry } from './registry.js';
import { TestSlipway } from './slipway.js';
import { Tickets } from './tickets.js';

export const repository = 'abc/shop';

/** A host, as Slipway has it: through its proxy. */
export interface StageHost extends HostEngine {
  readonly proxy: HostProxy;
  /** As the configuration names it. */
  readonly settings: { readonly engine: string; readonly address: string; readonly publish: string };
}

export interface HostsStage {
  readonly hosts: readonly StageHost[];
  readonly registry: RunningRegistry;
  readonly git: TestGitHost;
  readonly slipway: TestSlipway;
  readonly tickets: Tickets;
  /** Commits files and announces them. */
  push(files: Readonly<Record<string, string>>): Promise<string>;
  /** Makes a release of the same image that says a word. Resolves with its number. */
  say(word: string, more?: object): Promise<number>;
  /** Changes settings of `production` while Slipway runs. */
  configure(production: object): Promise<void>;
  close(): Promise<void>;
}

interface Given {
  readonly hosts?: number;
  /** Changes of `production`, or further environments. */
  readonly environments?: (hosts: readonly StageHost[]) => Record<string, object>;
  readonly deploy?: object;
  readonly env?: Record<string, string>;
  /** Further top-level keys of the configuration. */
  readonly config?: Record<string, unknown>;
  readonly clock?: Clock;
  /** Where Slipway runs in a process of its own, this one is only written down. */
  readonly starts?: boolean;
}

export const shortTimeouts = { reach: '2s', pull: '20s', start: '4s', settle: '200ms' };

/** The image says the version at `/version`, the word of the run file at `/word`, and all words that `/data` has seen at `/words`. */
export const dockerfile = (...more: readonly string[]): string =>
  [
    `FROM ${hostImage}`,
    'ARG SLIPWAY_VERSION',
    'RUN mkdir -p /www && echo $SLIPWAY_VERSION > /www/version',
    ...more,
    'RUN mkdir /data && ln -s /data/words /www/words',
    'CMD ["sh", "-c", "echo $WORD | tee /www/word; echo $WORD >> /data/words; exec httpd -f -p 8080 -h /www"]',
  ].join('\n');

/** The run file of a release that says a word. */
export const runFile = (word: string, more: object = {}, top: object = {}): string =>
  JSON.stringify({
    services: {
      shop: {
        ports: ['8080:8080'],
        environment: { WORD: word },
        stop_signal: 'SIGKILL',
        'x-slipway': { verify: { path: '/version', port: 8080 } },
        ...more,
      },
    },
    ...top,
  });

/** A release that ends right after its start. */
export const crashing = { command: ['sh', '-c', 'echo no database; exit 3'] };

/** The name of a release in tests: `number(policy)` of what runs; with a minus of what does not. */
const short = ({ labels, state, restart }: ObservedContainer): string =>
  `${state.status === 'running' ? '' : '-'}${labels['dev.slipway.release'] ?? '?'} ${restart.name}`;

/** The containers of a service on a host, by the time of their creation: `2 always` runs, `-1 no` does not. */
export async function containersOn(
  { host }: HostEngine,
  { service = 'shop', environment = 'production' } = {},
): Promise<readonly string[]> {
  const labels = { 'dev.slipway.service': service, 'dev.slipway.environment': environment };
  const listed = await host.containers.list(labels);
  const seen = await Promise.all(listed.map(({ id }) => host.containers.inspect(id)));
  return seen
    .filter((one) => one !== null)
    .sort((one, other) => one.createdAt - other.createdAt)
    .map(short);
}

/** Those that run. */
export const runningOn = async (
  host: HostEngine,
  of?: { readonly service?: string; readonly environment?: string },
): Promise<readonly string[]> => (await containersOn(host, of)).filter((one) => !one.startsWith('-'));

/** The engine of a host, asked by other means than Slipway's. */
export const engineOf = ({ socket }: HostEngine): Docker => new Docker({ socketPath: socket });

/** The one container of a release, as the engine has it. */
export async function containerOf(
  host: HostEngine,
  release: number,
  { service = 'shop', environment = 'production' } = {},
): Promise<ContainerInspectInfo> {
  const labels = [
    ['service', service],
    ['environment', environment],
    ['release', String(release)],
  ];
  const label = labels.map(([name, value]) => `dev.slipway.${name}=${value}`);
  const docker = engineOf(host);
  const [found, ...others] = await docker.listContainers({ all: true, filters: { label } });
  if (found === undefined || others.length > 0)
    throw new Error(`Host ${host.name} has ${others.length + (found ? 1 : 0)} containers of release ${release}.`);
  return docker.getContainer(found.Id).inspect();
}

/** What a user gets from a host. */
export const ask = (publish: string, path = '/word', port = 8080): Promise<string> =>
  fetch(`http://${publish}:${port}${path}`, { headers: { connection: 'close' } }).then(
    async (response) => (await response.text()).trim(),
    () => 'nobody',
  );

export async function openHostsStage(given: Given = {}): Promise<HostsStage> {
  const { environments = () => ({}), deploy = {}, env = {}, config = {}, clock = systemClock, starts = true } = given;
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const engines = await startHostEngines(given.hosts ?? 2);
    closing.push(() => engines.close());
    const hosts = await Promise.all(engines.engines.map(behindProxy));
    closing.push(
      ...hosts.map(
        ({ proxy }) =>
          () =>
            proxy.close(),
      ),
    );
    const registry = await startRegistry(registryUser);
    closing.push(() => registry.close());
    const git = await startTestGitHost();
    closing.push(() => git.close());
    const places = environmentsOf(hosts, environments(hosts));
    const slipway = await TestSlipway.create({
      ...{ host: git, registryHost: registry.host, registryUser, env, clock, random: Math.random },
      engineHost: `unix://${hosts[0]?.socket}`,
      config: { environments: places, ...config },
      services: {
        shop: { repository, version: { value: '1.0' }, deploy: { environments: Object.keys(places), ...deploy } },
      },
    });
    closing.push(() => slipway.close());
    await (starts ? slipway.start() : slipway.writeConfig());
    const tickets = new Tickets(() => slipway);
    const push = async (files: Readonly<Record<string, string>>): Promise<string> => {
      const repo = await git.repo(repository);
      const after = await repo.commit({ files: { ...files } });
      await slipway.push(repository, 'main', { after });
      return after;
    };
    return {
      ...{ hosts, registry, git, slipway, tickets, push, close },
      async say(word, more = {}) {
        await push({ 'docker/compose.yaml': runFile(word, more) });
        return newestRelease(slipway);
      },
      async configure(production) {
        const changed = { ...places, production: { ...places['production'], ...production } };
        await slipway.writeConfig({ environments: changed });
        const read = await loadConfig(slipway.configFile, env);
        if (!(await slipway.running.reload(read))) throw new Error(JSON.stringify(read));
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function behindProxy(engine: HostEngine): Promise<StageHost> {
  const { publish } = engine;
  const proxy = await startHostProxy(`unix://${engine.socket}`);
  return { ...engine, proxy, settings: { engine: proxy.address, address: publish, publish } };
}

function environmentsOf(
  hosts: readonly StageHost[],
  { production, ...others }: Record<string, object>,
): Record<string, object> {
  const usual = {
    hosts: Object.fromEntries(hosts.map(({ name, settings }) => [name, settings])),
    timeouts: shortTimeouts,
    defaults: { memory: '64MiB' },
  };
  const whole = (more: object): object => ({ ...usual, ...more });
  const further = Object.entries(others).map(([name, more]) => [name, whole(more)] as const);
  return { ...Object.fromEntries(further), production: whole(production ?? {}) };
}

async function newestRelease(slipway: TestSlipway): Promise<number> {
  const { releases } = await slipway.get<{ releases: { number: number }[] }>('/api/v1/releases/shop?limit=200');
  return Math.max(...releases.map(({ number }) => number));
}
