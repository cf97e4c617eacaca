import { createLabels } from '../../src/container-labels.js';
import type { Deployment, KeptSpecification, NewDeployment } from '../../src/model/deployment.js';
import type { Environment } from '../../src/model/environment.js';
import type { Service } from '../../src/model/service.js';
import type { Parameters } from '../../src/model/parameters.js';
import type { HttpAnswer } from '../../src/pipeline/deploy/find-version.js';
import type { DeployDeps } from '../../src/pipeline/deploy/deps.js';
import { workOn } from '../../src/pipeline/deploy/work-on.js';
import { Secret } from '../../src/secret.js';
import { createSharedLock, type SharedLock } from '../../src/shared-lock.js';
import { systemClock } from '../../src/system-clock.js';
import { deployed, newDeployment } from '../contracts/store-deployment-samples.js';
import { live } from '../contracts/store-samples.js';
import { createFakeBalancer, type FakeBalancer } from './fake-balancer.js';
import { createFakeHost, type FakeHost } from './fake-host.js';
import { keptLog } from './kept-log.js';
import { environmentOf, hostSettings } from './own-containers.js';
import { plainParameters } from './random-parameters.js';
import { openTempStore, type TempStore } from './store.js';

/** What hosts run, in short: `a: 1` for a running container of release 1, `(2)` for a stopped one; with the restart policy. */
export type Running = Readonly<Record<string, readonly string[]>>;

/** The executor of deployments over the embedded store and hosts in memory. Times are real and short. */
export interface DeployStage {
  readonly temp: TempStore;
  readonly hosts: ReadonlyMap<string, FakeHost>;
  readonly deps: DeployDeps & { readonly names: SharedLock };
  /** Counts only if the environment has a balancer. */
  readonly balancer: FakeBalancer;
  readonly log: ReturnType<typeof keptLog>;
  /** Answers of containers by address; the image's tag otherwise. */
  readonly answers: Map<string, HttpAnswer | string>;
  readonly answering: Set<string>;
  environment: Environment;
  services: ReadonlyMap<string, Service>;
  /** Stores and runs a deployment of a release to its end. */
  deploy(number: number, over?: Partial<NewDeployment>): Promise<Deployment>;
  /** Stores a deployment. */
  ask(number: number, over?: Partial<NewDeployment>): Promise<string>;
  /** Runs one attempt. */
  attempt(id: string, stopping?: AbortSignal): Promise<Deployment>;
  running(): Promise<Running>;
  logOf(id: string): Promise<string>;
  close(): Promise<void>;
}

/** The image of a release. */
export const imageOf = (number: number, name = 'app'): string =>
  `registry.test/${name}@sha256:${String(number).repeat(64)}`;

export const never = new AbortController().signal;

export const parameters = (over: Partial<Parameters> = {}): Parameters => ({
  ...plainParameters,
  ports: [{ hostIp: '', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
  ...over,
});

export const kept = (
  number: number,
  over: Partial<Parameters> = {},
  more: Partial<KeptSpecification> = {},
): KeptSpecification => ({
  image: imageOf(number),
  parameters: parameters(over),
  verify: null,
  secretVerifyKeys: [],
  publish: { a: null, b: null, c: null },
  ...more,
});

export async function deployStage(
  names: readonly string[] = ['a', 'b'],
  active: readonly string[] = ['a'],
): Promise<DeployStage> {
  const temp = await openTempStore();
  const { store } = temp;
  const hosts = new Map(names.map((name) => [name, createFakeHost({ name })]));
  const balancer = createFakeBalancer({ hosts: names, active });
  const log = keptLog();
  const answers = new Map<string, HttpAnswer | string>();
  const answering = new Set<string>();
  const timeouts = { reach: 150, pull: 150, start: 2_000, settle: 20, drain: 1, drainMax: 1, soak: 1 };
  const stage: DeployStage = {
    temp,
    hosts,
    log,
    answers,
    answering,
    balancer,
    services: new Map(),
    environment: { ...environmentOf(names.map((name) => hostSettings(name))), timeouts },
    deps: {
      store,
      hosts: { find: async (_, host) => hosts.get(host) ?? null },
      balancers: { find: async () => balancer },
      labels: createLabels('slipway', new Secret('key')),
      registry: { manifest: async () => ({ digest: '', mediaType: '', body: Buffer.from(''), configDigest: null }) },
      environments: () => new Map([[stage.environment.name, stage.environment]]),
      services: () => stage.services,
      pullCredentials: () => null,
      askHttp: async ({ url }) => answers.get(url.host) ?? 'nobody answers',
      answersAt: async (address, port) => answering.has(`${address}:${port}`),
      announce: () => undefined,
      names: createSharedLock(),
      clock: systemClock,
      uptime: () => performance.now(),
      log,
    },
    async ask(number, over = {}) {
      for (const host of hosts.values()) host.offer(imageOf(number));
      const asked = newDeployment(number, { release: deployed(number), specification: kept(number), ...over });
      const added = await store.deployments.add(asked, Date.now());
      if (added === null) throw new Error('it was not stored');
      return asked.id;
    },
    async attempt(id, stopping = never) {
      await live(store, 'w');
      const claimed = await store.deployments.claim(id, 'w', Date.now());
      if (claimed === null) throw new Error(`${id} cannot be claimed`);
      await workOn(claimed, stage.deps, stopping);
      const found = await store.deployments.get(id);
      if (found === null) throw new Error(`${id} is gone`);
      return found;
    },
    deploy: async (number, over) => stage.attempt(await stage.ask(number, over)),
    async running() {
      const seen: Record<string, string[]> = {};
      for (const [name, host] of hosts) {
        seen[name] = [...host.all.values()]
          .toSorted((a, b) => a.createdAt - b.createdAt)
          .map(({ container, status, restart }) => {
            const release = container.labels['dev.slipway.release'] ?? container.name;
            return status === 'running' ? `${release} ${restart.name}` : `(${release} ${restart.name})`;
          });
      }
      return seen;
    },
    logOf: async (id) => (await store.deployments.readLog(id, 0)).text,
    close: () => temp.close(),
  };
  return stage;
}
