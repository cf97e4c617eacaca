import { containerName, createLabels, type ContainerIdentity } from '../../src/container-labels.js';
import type { NewContainer } from '../../src/hosts/contract.js';
import type { DeploySettings, Environment, HostSettings } from '../../src/model/environment.js';
import type { PublishedPort } from '../../src/model/parameters.js';
import { Secret } from '../../src/secret.js';
import type { FakeHost } from './fake-host.js';
import { plainParameters } from './random-parameters.js';

/** Labels as the instance of a test seals them. */
export const testLabels = createLabels('slipway', new Secret('0'.repeat(64)));
export const webImage = `registry.test/web@sha256:${'a'.repeat(64)}`;

const no = { name: 'no', maxRetries: 0 } as const;
const never = new AbortController().signal;

export const identityOf = (changes: Partial<ContainerIdentity> = {}): ContainerIdentity => ({
  environment: 'production',
  service: 'java-service-1',
  release: 1,
  deployment: 'd1',
  spec: testLabels.specOf('{}'),
  ...changes,
});

const portOf = (hostPort: number): PublishedPort => ({ hostIp: '', hostPort, containerPort: 80, protocol: 'tcp' });

/** Runs a container on a host; nothing of ours unless it has labels. */
export async function runOn(
  host: FakeHost,
  changes: Partial<NewContainer>,
  port: number | null = null,
): Promise<string> {
  host.offer(webImage);
  await host.images.pull(webImage, null, never);
  const parameters = { ...plainParameters, ports: port === null ? [] : [portOf(port)] };
  const usual = { name: 'other', image: webImage, labels: {}, parameters, publish: null, restart: no, takeOver: [] };
  const { id } = await host.containers.create({ ...usual, ...changes });
  await host.controls.start(id);
  return id;
}

/** Runs a container of ours. */
export const runOwn = (host: FakeHost, changes: Partial<ContainerIdentity> = {}, port: number | null = null) => {
  const identity = identityOf(changes);
  return runOn(host, { name: containerName(identity), labels: testLabels.of(identity) }, port);
};

export const hostSettings = (name: string, changes: Partial<HostSettings> = {}): HostSettings => ({
  name,
  engine: `unix:///run/${name}.sock`,
  tls: null,
  address: '127.0.0.1',
  publish: null,
  ...changes,
});

const noAllow = {
  privileged: false,
  hostNetwork: false,
  devices: [],
  capAdd: [],
  securityOpt: [],
  sysctls: [],
  binds: [],
};

/** An environment with the built-in settings. */
export const environmentOf = (hosts: readonly HostSettings[], name = 'production'): Environment => ({
  name,
  hosts: new Map(hosts.map((host) => [host.name, host])),
  strategy: 'rolling',
  balancer: null,
  gate: 'start',
  window: [],
  approvals: 0,
  requires: null,
  follow: null,
  allow: noAllow,
  defaults: { memory: null, nanoCpus: null, restart: null },
  variables: new Secret(new Map()),
  timeouts: { reach: 1, pull: 1, start: 1, settle: 1, drain: 1, drainMax: 1, soak: 1 },
  concurrency: 2,
  keep: 3,
  repair: 'off',
});

/** How a service is deployed that says nothing but where. */
export const deploySettings = (...environments: readonly string[]): DeploySettings => ({
  file: null,
  environments: environments.length === 0 ? ['production'] : environments,
  variables: new Map(),
  allow: new Map(),
  verify: null,
  secretVerifyKeys: [],
  formerly: null,
});
