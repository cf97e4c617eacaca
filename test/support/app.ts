import { randomUUID } from 'node:crypto';
import type { ApiDeps } from '../../src/api/deps.js';
import type { ArtifactFiles } from '../../src/pipeline/accept/contract.js';
import type { BuildCall, Operations, PlanCall, RebuildRequest } from '../../src/operations/contract.js';
import { createOverview } from '../../src/operations/overview/overview.js';
import { createSystem } from '../../src/operations/system/system.js';
import { createWaiting } from '../../src/operations/waiting.js';
import type { Readiness } from '../../src/server/contract.js';
import type { App } from '../../src/api/route.js';
import { buildApp } from '../../src/app.js';
import type { AccessToken } from '../../src/access.js';
import { SlipwayError } from '../../src/errors.js';
import { createEvents, type Events } from '../../src/events.js';
import type { Build, NewBuild } from '../../src/model/build.js';
import type { Decision } from '../../src/model/decision.js';
import type { Service } from '../../src/model/service.js';
import { createArtifactFiles } from '../../src/pipeline/accept/artifact-files.js';
import { createRefusals } from '../../src/pipeline/accept/refusals.js';
import { createWebhookReader } from '../../src/pipeline/accept/webhook.js';
import { createBalanced } from '../../src/pipeline/observe/balanced.js';
import { Secret } from '../../src/secret.js';
import { createSpecOn } from '../../src/specification/spec-text.js';
import type { Store } from '../../src/store/contract.js';
import { noDeploying } from './deploying.js';
import { keptLog } from './kept-log.js';
import { manualClock } from './manual-clock.js';
import { storeClock } from './running-builds.js';
import { testLabels } from './own-containers.js';
import { openTempStore, type TempStore } from './store.js';
import { webhookSecret } from './webhook-request.js';

export { begin, endWell, succeed } from './running-builds.js';
export { pushPayload, signature, signed, webhookSecret } from './webhook-request.js';

export const tokens = { read: 'token-that-reads', build: 'token-that-builds', admin: 'token-that-may-all' } as const;
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const asReader = bearer(tokens.read);
export const asBuilder = bearer(tokens.build);
export const sha = (digit: string) => digit.repeat(40);

/** A service as the configuration would give it. */
export function service(overrides: Partial<Service> = {}): Service {
  return {
    name: 'java-service-1',
    repository: 'abc/java-service-1',
    path: '',
    branches: [{ text: 'main', matches: (branch) => branch === 'main' }],
    literalBranches: ['main'],
    gitTags: [],
    regions: { included: [], excluded: [] },
    autoRegions: false,
    regionSettings: { included: null, excluded: null },
    context: '',
    dockerfile: null,
    ...{ target: null, buildArgs: {}, secrets: {} },
    version: null,
    versionPattern: null,
    branchTag: true,
    extraTags: {},
    trigger: 'push',
    artifact: null,
    image: 'java-service-1',
    builds: 'latest',
    reuse: true,
    cascade: true,
    deploy: null,
    settingsFingerprint: 'settings',
    ...overrides,
  };
}

/** A build as it would be queued. */
export function newBuild(overrides: Partial<NewBuild> = {}): NewBuild {
  return {
    id: randomUUID(),
    service: 'java-service-1',
    repository: 'abc/java-service-1',
    branch: 'main',
    commit: sha('a'),
    trigger: { kind: 'push', deliveryId: null, by: 'octocat' },
    reason: { code: 'first-build', message: 'There is no image of main yet.', paths: [], patterns: [] },
    queuedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    forced: false,
    everyPush: false,
    noCache: false,
    fresh: false,
    artifactId: null,
    version: null,
    callbackUrl: null,
    inputs: { head: sha('a'), packaging: 'packaging', settings: 'settings', bases: {} },
    ...overrides,
  };
}

/** Queues a build with the decision that causes it; resolves with the build as the store has it. */
export async function queueBuild(store: Store, overrides: Partial<NewBuild> = {}): Promise<Build> {
  const build = newBuild(overrides);
  const { service, branch, commit, reason, trigger } = build;
  const decision: Decision = { service, branch, decision: 'build', reason, base: null, head: commit };
  const planned = { decision, trigger, inputsKey: commit, reliesOn: null, build };
  await store.decisions.record({ look: null, deliveryId: trigger.deliveryId, decisions: [planned] }, build.queuedAt);
  return must(await store.builds.get(build.id));
}

export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('expected a value');
  return value;
}

/** Operations that do what the test says and write down what they were asked. */
export interface ScriptedOperations extends Operations {
  readonly transcript: { readonly operation: keyof Operations; readonly argument: unknown }[];
  /** Replaces what an operation does. */
  will(script: Partial<Operations>): void;
  /** Empties the transcript; every operation does again what it does by itself. */
  reset(): void;
}

/** Until told otherwise, each starts (or finds) a build in the store as the pipeline would. */
export function scriptedOperations(store: () => Store): ScriptedOperations {
  const transcript: ScriptedOperations['transcript'] = [];
  const find = async (id: string) => {
    const build = await store().builds.get(id);
    if (!build) throw new SlipwayError('unknown-build', `No build has the id ${id}.`);
    return build;
  };
  const byItself: Operations = {
    rebuild: ({ service }: RebuildRequest) => queueBuild(store(), { service, forced: true }),
    call: async ({ service }: BuildCall) => ({ build: await queueBuild(store(), { service }) }),
    plan: async (_call: PlanCall) => ({ decisions: [], warnings: [] }),
    graph: async () => ({ services: [], edges: [], cycles: [], faults: [] }),
    compose: async () => 'services: {}\n',
    cancel: find,
    retry: find,
    look: async () => ({ deliveryId: 'd-1', services: ['java-service-1'] }),
    replay: async () => undefined,
  };
  let script = byItself;
  const noted = <K extends keyof Operations>(operation: K, argument: unknown) => {
    transcript.push({ operation, argument });
    return script[operation];
  };
  return {
    transcript,
    will: (more) => (script = { ...script, ...more }),
    reset: () => {
      transcript.length = 0;
      script = byItself;
    },
    rebuild: (request, key) => noted('rebuild', request)(request, key),
    look: (call, key) => noted('look', call)(call, key),
    call: (call) => noted('call', call)(call),
    plan: (call) => noted('plan', call)(call),
    graph: () => noted('graph', null)(),
    compose: (call) => noted('compose', call)(call),
    cancel: (id, by) => noted('cancel', { id, by })(id, by),
    retry: (id, by, key) => noted('retry', { id, by })(id, by, key),
    replay: (id, by, key) => noted('replay', { id, by })(id, by, key),
  };
}

export { keptLog };
export interface TestApp {
  readonly app: App;
  readonly temp: TempStore;
  readonly store: Store;
  readonly events: Events;
  readonly operations: ScriptedOperations;
  readonly log: ReturnType<typeof keptLog>;
  readonly artifacts: ArtifactFiles;
  readonly stopping: AbortController;
  readonly webhookAnswers: string[];
  /** Gives the same server an empty store, log and transcript. Takes a quarter of the time of a new server. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

const accessTokens: readonly AccessToken[] = (['read', 'build', 'admin'] as const).map((scope) => ({
  name: `${scope}er`,
  token: new Secret(tokens[scope]),
  scopes: [scope],
  environments: null,
}));

const allWell: Readiness = {
  check: async () => {
    const ok = { ok: true, message: 'ok' };
    return {
      engine: ok,
      registry: ok,
      store: ok,
      ...{ git: ok, disk: ok, setAside: ok, configuration: ok, waiting: ok, hosts: ok },
    };
  },
};

/** The whole HTTP server over a store of its own; `overrides` replace parts of what it is given. */
export async function openTestApp(overrides: Partial<ApiDeps> = {}): Promise<TestApp> {
  let temp = await openTempStore({ clock: storeClock });
  const store = (): Store => overrides.store ?? temp.store;
  const clock = manualClock(Date.UTC(2026, 0, 2, 3, 4, 5));
  const current = new Proxy({} as Store, { get: (_, part) => store()[part as keyof Store] });
  const [events, operations] = [createEvents(), scriptedOperations(store)];
  const [log, stopping] = [keptLog(), new AbortController()];
  let artifacts = artifactFilesOf(temp);
  const webhookAnswers: string[] = [];
  const known = new Map([service(), service({ name: 'java-service-2' })].map((its) => [its.name, its]));
  const environments = overrides.environments ?? (() => new Map());
  const services = overrides.services ?? (() => known);
  const lowDisk = async () => null;
  const waiting = createWaiting({ store: current, clock, concurrency: () => 2, lowDisk, environments });
  const newOverview = () =>
    createOverview({ store: current, services, waiting, lowDisk, events, clock, shown: () => null });
  let overview = newOverview();
  const app = await buildApp({
    services,
    environments,
    observations: { of: () => null, all: () => [] },
    restless: { of: () => [] },
    balanced: createBalanced({ events, observations: { of: () => null } }),
    specOn: createSpecOn(testLabels),
    ...{ tokens: () => accessTokens, anonymousRead: () => false, metrics: () => 'open' },
    ...{ publicUrl: null, sessionKey: new Secret(Buffer.alloc(32, 7)), ui: null },
    artifactLimit: () => 1000,
    events,
    operations,
    webhooks: createWebhookReader({
      secrets: () => [new Secret('an older secret'), new Secret(webhookSecret)],
      pullRequests: () => true,
    }),
    readiness: allWell,
    heads: { of: async () => new Map() },
    whereRuns: async () => [],
    why: { of: noWhy, path: noWhy },
    pending: { of: async () => [], counts: async () => [] },
    serviceLogs: { open: async () => (async function* () {})() },
    waiting,
    system: createSystem({
      ...{ store: current, services, clock, readiness: overrides.readiness ?? allWell },
      engine: { version: async () => '28.5.2' },
      refusals: { all: () => createRefusals({ store: current, clock, log }).all() },
      ...{ tokens: overrides.tokens ?? (() => accessTokens), concurrency: () => 2, database: '0001-first' },
      disk: async () => ({ free: 6, total: 10, floor: 5 }),
    }),
    deploying: noDeploying,
    findCommit: async () => null,
    renderMetrics: async () => 'slipway_up 1\n',
    onWebhook: (status) => webhookAnswers.push(status),
    clock,
    log,
    stopping: stopping.signal,
    ...overrides,
    get store() {
      return store();
    },
    get artifacts() {
      return overrides.artifacts ?? artifacts;
    },
    get overview() {
      return overrides.overview ?? overview;
    },
  });
  const renew = async () => {
    await temp.close();
    temp = await openTempStore({ clock: storeClock });
    artifacts = artifactFilesOf(temp);
    overview = newOverview();
    operations.reset();
    log.lines.splice(0);
    webhookAnswers.length = 0;
  };
  const close = async () => {
    stopping.abort();
    await app.close();
    await temp.close();
  };
  return {
    ...{ app, events, operations, log, stopping, webhookAnswers, renew, close },
    get temp() {
      return temp;
    },
    get store() {
      return store();
    },
    get artifacts() {
      return artifacts;
    },
  };
}

const noWhy = async (): Promise<never> => {
  throw new SlipwayError('unknown-decision', 'Nothing was decided.');
};

const artifactFilesOf = ({ dataDir }: TempStore): ArtifactFiles => createArtifactFiles({ dataDir, limit: () => 1000 });
