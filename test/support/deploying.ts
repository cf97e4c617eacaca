/** Deployments as people ask for them: over a store, with everything else in memory. */
import { join } from 'node:path';
import { createEvents, type SlipwayEvent } from '../../src/events.js';
import { createFolderCentral } from '../../src/image/packaging/central.js';
import type { Deployment } from '../../src/model/deployment.js';
import type { KeptRunFile } from '../../src/model/release.js';
import type { DeployCall, Deploying, DeployTarget } from '../../src/operations/deploy/contract.js';
import { createDeploying } from '../../src/operations/deploy/deploying.js';
import type { DeployDeps } from '../../src/operations/deploy/deps.js';
import { createImageEntrypoint } from '../../src/operations/deploy/image-entrypoint.js';
import { createHeads } from '../../src/operations/heads.js';
import { createObservations } from '../../src/pipeline/observe/observations.js';
import { createSpecOn } from '../../src/specification/spec-text.js';
import type { DeploymentEnd, Store } from '../../src/store/contract.js';
import { verified } from '../contracts/store-deployment-samples.js';
import { begin, live, newBuild, noRunFile, queue, success } from '../contracts/store-samples.js';
import { createFakeRegistry } from './fake-registry.js';
import { createFakes } from './fakes.js';
import { keptLog } from './kept-log.js';
import { manualClock } from './manual-clock.js';
import { createMemoryGitHost, MemoryRepository } from './memory-git.js';
import { testLabels } from './own-containers.js';
import { inlineReading } from './reading.js';
import { openTempStore } from './store.js';
import { configOf } from './write-config.js';

const unasked = () => Promise.reject(new Error('this test asks for no deployment'));

/** For tests that ask for no deployment. */
export const noDeploying: Deploying = {
  ...{ deploy: unasked, plan: unasked, planRollback: unasked },
  ...{ act: unasked, cancel: unasked, retry: unasked, approve: unasked, hold: unasked, liftHold: unasked },
};

export const nothing: DeployTarget = { branch: null, commit: null, version: null, release: null, from: null };

/** A ticket for release `release` of `web` in production, unless it says something else. */
export const ticket = (target: Partial<DeployTarget>, over: Partial<DeployCall> = {}): DeployCall => ({
  ...{ service: 'web', environment: 'production', target: { ...nothing, ...target } },
  ...{ reference: null, reason: null, force: false, adopt: [], callbackUrl: null, by: 'deployer' },
  ...over,
});

export interface DeploySetting {
  /** Settings of `production`, whose hosts are a and b. */
  readonly environment?: string;
  /** Settings of the service's `deploy`, besides its environments. */
  readonly deploy?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export const deployConfig = ({ environment = '', deploy = '', variables = {} }: DeploySetting = {}) =>
  configOf(
    `
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
environments:
  staging: { hosts: { s: { engine: "unix:///run/s.sock", address: 127.0.0.3 } } }
  production:
    hosts:
      a: { engine: "unix:///run/a.sock", address: 127.0.0.1 }
      b: { engine: "unix:///run/b.sock", address: 127.0.0.2, publish: 127.0.0.2 }
${environment.replace(/^(?=.)/gm, '    ')}
services:
  web: { repository: abc/web, branches: [main, 'release/*'], deploy: { environments: [staging, production], ${deploy} } }
  staged: { repository: abc/staged, branches: [main], deploy: { environments: [staging] } }
callbacks: { allowedHosts: [ci.abc.net] }
`,
    variables,
  );

export interface Release {
  readonly branch?: string;
  readonly digest?: string;
  readonly tags?: readonly string[];
  readonly runFile?: KeptRunFile;
  /** When its build ends. */
  readonly at?: number;
}

export type TestDeploying = Awaited<ReturnType<typeof openDeploying>>;

/** Deployments of `web` in staging and production. Its repository is empty. */
export async function openDeploying(setting: DeploySetting = {}) {
  const temp = await openTempStore();
  const { store } = temp;
  const config = await deployConfig(setting);
  let { services, environments } = config;
  const web = new MemoryRepository();
  const git = createMemoryGitHost(async (name) => (name === 'abc/web' ? web : null));
  const [clock, events, log] = [manualClock(), createEvents(), keptLog()];
  const registry = createFakeRegistry(config.registry.host);
  const happened: SlipwayEvent[] = [];
  events.subscribe((event) => happened.push(event));
  const observations = createObservations(clock, createEvents());
  const ignored = () => undefined;
  let chosen = 0;
  const deps: DeployDeps = {
    ...{ store, git, clock, events, log, observations, reading: inlineReading, engine: createFakes().engine },
    ...{ services: () => services, environments: () => environments, heads: createHeads({ git }) },
    central: () => createFolderCentral(join(temp.dataDir, 'dockerfiles'), true),
    registryHost: registry.host,
    imageEntrypoint: createImageEntrypoint({ registry, clock }),
    callbackHosts: () => config.callbacks.allowedHosts,
    report: { decided: ignored, changed: ignored },
    metrics: { decision: ignored, build: ignored, misread: ignored, work: ignored, decided: ignored, logged: ignored },
    specOn: createSpecOn(testLabels),
    random: () => (chosen += 1) / 1000,
  };
  return {
    ...{ store, web, git, registry, clock, events, happened, observations, deps, config },
    deploying: createDeploying(deps),
    /** Another configuration is in force. */
    async reconfigure(other: DeploySetting) {
      ({ services, environments } = await deployConfig(other));
    },
    /** A build of `web` makes a release of that commit. Resolves with its number. */
    async release(commit: string, given: Release = {}): Promise<number> {
      const { branch = 'main', digest = digestOf(commit), tags = [`1.0-1-${commit.slice(0, 7)}`, 'main'] } = given;
      const build = newBuild({ service: 'web', repository: 'abc/web', branch, commit, forced: true });
      const claimed = await begin(store, build);
      await store.queue.progress(claimed, { wasHead: true });
      const image = { repository: 'web', digest, tags: [...tags] };
      await store.queue.finish(claimed, success(image, null, given.runFile ?? noRunFile), given.at ?? 5000, []);
      const [newest] = (await store.releases.page({ service: 'web', limit: 1, cursor: null })).items;
      return newest?.number ?? 0;
    },
    /** A build of `web` waits for its turn. */
    async queued(commit: string, branch = 'main') {
      const build = newBuild({ service: 'web', repository: 'abc/web', branch, commit });
      await queue(store, build);
      return build;
    },
    ends: (deployment: Pick<Deployment, 'id'>, end?: DeploymentEnd) => endDeployment(store, deployment.id, end),
    close: () => temp.close(),
  };
}

export const digestOf = (commit: string) => `sha256:${commit.charAt(0).repeat(64)}`;

/** Runs a pending deployment to that end. */
export async function endDeployment(store: Store, id: string, end: DeploymentEnd = verified): Promise<Deployment> {
  await live(store, 'w');
  const claimed = await store.deployments.claim(id, 'w', 6000);
  if (claimed === null) throw new Error(`${id} cannot begin`);
  await store.deployments.finish(claimed, end, 7000);
  return (await store.deployments.get(id)) ?? claimed;
}
