import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ApiDeps } from './api/deps.js';
import { engineOf, metricsOf, targetsOf, tokensOf } from './make-parts.js';
import { GRACE_MS, type Parts, type Slipway } from './parts.js';
import type { Config } from './config/config.js';
import { pullCredentialsOf } from './config/registry-credentials.js';
import { createLiveConfig, type LiveConfig } from './config/live-config.js';
import { reload } from './config/reload.js';
import { createEvents } from './events.js';
import { createGitHost } from './git/host/host.js';
import { createNotifying } from './notifying.js';
import { countingArtifacts } from './operations/counting-artifacts.js';
import { createHeads } from './operations/heads.js';
import { createIntake } from './pipeline/accept/intake.js';
import type { SpecOn } from './model/deployment.js';
import { createPending } from './operations/pending.js';
import { createServiceLogs } from './operations/service-logs.js';
import { whereRuns } from './operations/where/where-runs.js';
import { createWhy } from './operations/why/why.js';
import { createDeploying } from './operations/deploy/deploying.js';
import { createImageEntrypoint } from './operations/deploy/image-entrypoint.js';
import { createWaiting } from './operations/waiting.js';
import { createOverview } from './operations/overview/overview.js';
import { createState } from './operations/system/state.js';
import { watched } from './operations/system/watched.js';
import { createOperations } from './operations/operations.js';
import { createPipeline, type PipelineDeps, type PipelineOptions } from './pipeline.js';
import { createArtifactFiles } from './pipeline/accept/artifact-files.js';
import { createRefusals } from './pipeline/accept/refusals.js';
import { createWebhookReader } from './pipeline/accept/webhook.js';
import { cancelQueued } from './queue/cancel.js';
import { createDriftMemory } from './pipeline/look/drift-memory.js';
import { createPace } from './pipeline/look/pace.js';
import { createRestless } from './pipeline/deploy/restless.js';
import { createBalanced } from './pipeline/observe/balanced.js';
import { createObservations } from './pipeline/observe/observations.js';
import { createCentral } from './image/packaging/create-central.js';
import { startReading } from './reading/reading.js';
import { browsers, type Browsers } from './server/browsers.js';
import { instanceLabels } from './server/instance-labels.js';
import { tightenData } from './server/private-data.js';
import { lowDiskBlockedBy, requireFreeDisk } from './server/readiness.js';
import { createRegistry } from './registry/registry.js';
import { runRetention, type RetentionDeps } from './server/retention.js';
import { createSpecOn } from './specification/spec-text.js';
import { migrations } from './store/migrations/index.js';
import { openStore } from './store/open-store.js';
import { hasDatabase, openReader } from './store/open-reader.js';
import { waitForEnd, type Stopping } from './server/stopping.js';
import { systemClock } from './system-clock.js';
import { openTracing, type Tracing } from './tracing/open-tracing.js';

export { createHost } from './hosts/docker/host.js';
export { GRACE_MS, type Parts, type Slipway };

type Core = Pick<PipelineDeps, 'store' | 'events'> & { readonly tracing: Tracing | null };

function pipelineDeps(live: LiveConfig, parts: Parts, core: Core, { ending }: Pick<Stopping, 'ending'>) {
  const { clock, log, env } = parts;
  const config = live.current();
  const { store, tracing } = core;
  const dir = parts.mirrors ?? join(config.server.dataDir, 'mirrors');
  const requireRoom = () => requireFreeDisk(config.server.dataDir, live.current().limits.freeDisk);
  const its = { ...config.github, ...config.git, dir, env, clock, log, requireRoom, ending };
  const git = parts.git ?? createGitHost({ ...its, tokenFor: tokensOf(config, clock) });
  const central = createCentral(config.dockerfiles, git);
  const environments = () => live.current().environments;
  const [observations, restless] = [createObservations(clock, core.events), createRestless()];
  const services = () => live.current().services;
  const reading = parts.reading ?? startReading();
  const { host: registryHost } = config.registry;
  const pending = createPending({ ...core, reading, registryHost, services, environments });
  const metrics = metricsOf({ ...core, observations, restless, pending });
  const ended = tracing?.ended(store);
  const notifying = createNotifying({
    ...{ store, events: core.events, observations, restless, metrics, clock, log, ended },
    config: live.current,
  });
  return {
    ...core,
    clock,
    log,
    git,
    engine: parts.engine ?? engineOf(config, parts),
    registry: parts.registry ?? createRegistry({ ...config.registry, clock, log }),
    reading,
    ...{ pending, restless },
    ...{ notifying, metrics },
    report: notifying.report,
    aroundLook: tracing?.look,
    refusals: createRefusals({ ...core, clock, log }),
    services,
    environments,
    ...targetsOf(environments, config, parts),
    ...{ observations, balanced: createBalanced({ ...core, observations }) },
    central: () => central,
    centralDockerfiles: () => (config.dockerfiles.kind === 'repository' ? config.dockerfiles : null),
    frontends: () => live.current().engine.frontends,
    registryHost,
    pullCredentials: () => pullCredentialsOf(live.current()),
    sourceUrl: (repository: string) => config.github.cloneUrl.replace('{repository}', repository).replace(/\.git$/, ''),
    dataDir: config.server.dataDir,
    callbackHosts: () => live.current().callbacks.allowedHosts,
    intake: createIntake(clock),
    drift: createDriftMemory(),
    pace: createPace(),
    artifacts: createArtifactFiles({ dataDir: config.server.dataDir, limit: () => live.current().limits.artifact }),
  };
}

/** Joins all parts and recovers what an earlier process left. Neither listens nor works before `start`. */
export async function compose(config: Config, parts: Parts): Promise<Slipway> {
  const { clock, log, random } = parts;
  const { dataDir } = config.server;
  const live = createLiveConfig(config);
  const [stopping, ending] = [new AbortController(), new AbortController()];
  const tracing = await openTracing(parts);
  const opened = await openStore({ dataDir, logLimit: () => live.current().limits.log, clock });
  const store = tracing?.store(opened) ?? opened;
  await tightenData(dataDir, log);
  const events = createEvents();
  const deps = pipelineDeps(live, parts, { store, events, tracing }, { ending: ending.signal });
  const { labels, names, takeOver } = await instanceLabels({ ...config.server, ...deps });
  const pipeline = pipelineOf(live, deps, { labels, names, random });
  const its = { specOn: createSpecOn(labels), random, browsers: await browsers(config.server, log, parts.ui) };
  const api = apiDeps(live, { ...deps, ...its }, stopping.signal);
  // Half of what there is to load, and a command that only reads needs none of it.
  const { buildApp } = await import('./app.js');
  const app = await buildApp(api);
  let running: Promise<unknown> = Promise.resolve();
  let grace = GRACE_MS;
  return {
    app,
    store,
    events,
    readiness: api.readiness,
    async start() {
      await deps.git.prepare();
      const left = await pipeline.recover();
      if (left.length > 0) log.info({ builds: left }, 'running the builds of the last server again');
      running = runAll(pipeline, live, deps, stopping.signal, () => grace);
    },
    async reload(read) {
      const cancel = (service: string) => cancelQueued({ service }, deps);
      const isApplied = await reload(read, { ...deps, live, takeOver, cancelQueued: cancel });
      deps.metrics.reload(isApplied ? 'applied' : 'refused');
      return isApplied;
    },
    async stop(patience) {
      grace = patience;
      stopping.abort();
      await waitForEnd(running, clock, patience, ending);
      await deps.notifying.finish();
      await app.close();
      await Promise.all([deps.hosts.close(), deps.balancers.close()]);
      // Background work of git, such as combining packs, must not outlive the server.
      ending.abort();
      await pipeline
        .leave()
        .catch((err: unknown) => log.warn({ err }, 'could not return the looks and builds in hand'));
      await store.housekeeping.close();
      // Last: a reading that is stopped must not be able to record that.
      await deps.reading.close();
      await tracing?.close();
    },
  };
}

const pipelineOf = (
  live: LiveConfig,
  deps: ReturnType<typeof pipelineDeps>,
  own: Pick<PipelineOptions, 'labels' | 'names' | 'random'>,
) =>
  createPipeline(deps, {
    newWorker: randomUUID,
    concurrency: () => live.current().engine.concurrency,
    timeout: () => live.current().engine.timeout,
    blockedBy: () => lowDiskBlockedBy(deps.dataDir, live.current().limits.freeDisk),
    sweep: () => live.current().sweep,
    whenIdle: () => deps.intake.whenIdle(),
    ...own,
  });

/** Everything that works beside the API, until the signal aborts. */
const runAll = (
  pipeline: ReturnType<typeof createPipeline>,
  live: LiveConfig,
  deps: ReturnType<typeof pipelineDeps>,
  stopping: AbortSignal,
  grace: () => number,
) =>
  Promise.all([
    pipeline.run(stopping, grace),
    deps.notifying.run(stopping),
    runRetention(retentionDeps(live, deps), stopping),
  ]);

const retentionDeps = (live: LiveConfig, deps: ReturnType<typeof pipelineDeps>): RetentionDeps => ({
  ...deps,
  retention: () => live.current().retention,
  countingArtifacts: (service) => countingArtifacts(service, deps),
});

interface AnswerDeps extends ReturnType<typeof pipelineDeps> {
  readonly specOn: SpecOn;
  readonly random: () => number;
  readonly browsers: Browsers;
}

function apiDeps(live: LiveConfig, deps: AnswerDeps, stopping: AbortSignal): ApiDeps {
  const { store, events, clock, log, metrics, refusals, git, dataDir, specOn, browsers } = deps;
  const { services, environments, observations, restless, balanced } = deps;
  const heads = createHeads({ git });
  const lowDisk = () => lowDiskBlockedBy(dataDir, live.current().limits.freeDisk);
  const waiting = createWaiting({ ...deps, concurrency: () => live.current().engine.concurrency, lowDisk });
  const shown = (repository: string) => git.mirror(repository).remote.shown();
  const overview = createOverview({ ...deps, waiting, lowDisk, shown });
  metrics.watch({ overview, ...watched({ ...deps, live }) });
  return {
    ...{ services, environments, observations, restless, balanced },
    ...browsers,
    tokens: () => live.current().access.tokens,
    anonymousRead: () => live.current().access.anonymousRead,
    metrics: () => live.current().access.metrics,
    artifactLimit: () => live.current().limits.artifact,
    store,
    events,
    operations: createOperations(deps),
    deploying: createDeploying({ ...deps, heads, imageEntrypoint: createImageEntrypoint(deps) }),
    webhooks: createWebhookReader({
      secrets: () => live.current().github.webhookSecrets,
      pullRequests: () => live.current().github.pullRequests,
    }),
    artifacts: deps.artifacts,
    ...createState({ ...deps, live, observations: observations.all, database: migrations.at(-1)?.name ?? '' }),
    serviceLogs: createServiceLogs(deps),
    ...{ specOn, heads, waiting, pending: deps.pending },
    whereRuns: (call) => whereRuns(call, { ...deps, waiting }),
    why: createWhy({ ...deps, github: () => live.current().github }),
    overview,
    findCommit: ({ repository }, abbreviated) => git.mirror(repository).history.resolve(abbreviated),
    renderMetrics: () => metrics.render(),
    onWebhook: (status) => {
      metrics.webhook(status);
      refusals.note(status);
    },
    enterWebhook: () => deps.intake.enter(),
    tracer: deps.tracing?.tracer,
    clock,
    log,
    stopping,
  };
}

/**
 * Runs read-only work beside a server that may be running on the same data directory, or on an empty store. Git mirrors are updated: those of
 * the data directory, or of the folder `mirrors`.
 */
export async function readOnly<T>(
  config: Config,
  work: (deps: PipelineDeps) => Promise<T>,
  { mirrors }: Pick<Parts, 'mirrors'> = {},
): Promise<T> {
  const { dataDir } = config.server;
  const parts: Parts = { clock: systemClock, log: pino({ level: 'silent' }), env: process.env, random: Math.random };
  const scratch = await mkdtemp(join(tmpdir(), 'slipway-read-'));
  const ending = new AbortController();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const store = hasDatabase(dataDir)
    ? openReader(dataDir, parts.clock)
    : await openStore({ dataDir: scratch, logLimit: config.limits.log, clock: parts.clock });
  try {
    const core = { store, events: createEvents(), tracing: null };
    const own = { ...parts, mirrors, tunnels: join(scratch, 'tunnels') };
    const deps = pipelineDeps(createLiveConfig(config), own, core, { ending: ending.signal });
    return await work(deps).finally(() =>
      Promise.all([deps.reading.close(), deps.hosts.close(), deps.balancers.close()]),
    );
  } finally {
    // What was asked and not awaited to the end must not go on.
    ending.abort();
    await store.housekeeping.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
