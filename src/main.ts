import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { ApiDeps } from './api/deps.js';
import { renderBuild } from './api/render.js';
import { buildApp } from './app.js';
import type { Clock } from './clock.js';
import type { Config } from './config/config.js';
import { createLiveConfig, type LiveConfig } from './config/live-config.js';
import { loadConfig } from './config/load.js';
import { pollFile } from './config/poll-file.js';
import { reload, type ReadConfig } from './config/reload.js';
import { watchConfig } from './config/watch-config.js';
import { createLog } from './server/create-log.js';
import type { Engine } from './engine/contract.js';
import { createEngine } from './engine/docker/engine.js';
import { createEvents, type Events } from './events.js';
import type { GitHost } from './git/contract.js';
import { createGitHost } from './git/host/host.js';
import { createHeads } from './operations/heads.js';
import { createIntake } from './pipeline/accept/intake.js';
import type { Log } from './log.js';
import { createMetrics } from './pipeline/report/metrics.js';
import { warnOfCycles } from './operations/central-cycles.js';
import { createWaiting } from './operations/waiting.js';
import { createOperations } from './operations/operations.js';
import { createPipeline, type PipelineDeps } from './pipeline.js';
import { createArtifactFiles } from './pipeline/accept/artifact-files.js';
import { createRefusals } from './pipeline/accept/refusals.js';
import { createWebhookReader } from './pipeline/accept/webhook.js';
import { cancelQueued } from './queue/cancel.js';
import { createDriftMemory } from './pipeline/look/drift-memory.js';
import { createPace } from './pipeline/look/pace.js';
import { createFolderCentral, createGitCentral, type Central } from './image/packaging/central.js';
import { createNotifiers } from './pipeline/report/notifiers.js';
import { startReading, type Reading } from './reading/reading.js';
import { createReporter } from './pipeline/report/reporter.js';
import { tightenData } from './server/private-data.js';
import { listenAt } from './server/listen-at.js';
import { createReadiness, lowDiskBlockedBy } from './server/readiness.js';
import type { Registry } from './registry/contract.js';
import { createRegistry } from './registry/registry.js';
import { runRetention } from './server/retention.js';
import type { Store } from './store/contract.js';
import { openStore } from './store/open-store.js';
import { openReader } from './store/open-reader.js';
import { waitForEnd, type Stopping } from './server/stopping.js';
import { systemClock } from './system-clock.js';

/** What the outside world is; a test may replace git, the engine, the registry and the reading threads. */
export interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly git?: GitHost;
  readonly engine?: Engine;
  readonly registry?: Registry;
  readonly reading?: Reading;
}

export interface Slipway {
  readonly app: Awaited<ReturnType<typeof buildApp>>;
  readonly store: Store;
  readonly events: Events;
  /** Starts to look and build. */
  start(): Promise<void>;
  /** Applies another configuration, as far as a running server can. Resolves with whether it was applied. */
  reload(read: ReadConfig): Promise<boolean>;
  /** Starts no new build, gives running ones `grace` milliseconds, then puts them back in the queue. Resolves when everything is closed. */
  stop(grace: number): Promise<void>;
}

/** How long running builds may continue after SIGTERM: less than the ten seconds that Docker gives a container. */
const GRACE_MS = 8_000;
const EXIT_MS = 500;

type Core = Pick<PipelineDeps, 'store' | 'events'>;

function pipelineDeps(live: LiveConfig, parts: Parts, core: Core, { stopping, ending }: Stopping) {
  const { clock, log, env } = parts;
  const config = live.current();
  const dir = join(config.server.dataDir, 'mirrors');
  const git = parts.git ?? createGitHost({ ...config.github, ...config.git, dir, env, clock, log, ending });
  const central = centralOf(config, git);
  const notifiers = createNotifiers({
    github: config.github,
    publicUrl: config.server.publicUrl,
    allowedHosts: () => live.current().callbacks.allowedHosts,
    render: renderBuild,
    fetch,
    clock,
    log,
    stopping,
  });
  const repositoryOf = (service: string) => live.current().services.get(service)?.repository ?? null;
  return {
    ...core,
    clock,
    log,
    git,
    engine: parts.engine ?? createEngine({ ...config.engine, credentials: credentialsOf(config), clock, log }),
    registry: parts.registry ?? createRegistry({ ...config.registry, clock, log }),
    reading: parts.reading ?? startReading(),
    report: createReporter({ notifiers, repositoryOf, log }),
    metrics: createMetrics(core.store),
    refusals: createRefusals({ ...core, clock, log }),
    services: () => live.current().services,
    central: () => central,
    centralDockerfiles: () => (config.dockerfiles.kind === 'repository' ? config.dockerfiles : null),
    frontends: () => live.current().engine.frontends,
    registryHost: config.registry.host,
    sourceUrl: (repository: string) => config.github.cloneUrl.replace('{repository}', repository).replace(/\.git$/, ''),
    dataDir: config.server.dataDir,
    callbackHosts: () => live.current().callbacks.allowedHosts,
    intake: createIntake(clock),
    drift: createDriftMemory(),
    pace: createPace(),
    artifacts: createArtifactFiles({ dataDir: config.server.dataDir, limit: () => live.current().limits.artifact }),
  };
}

function centralOf({ dockerfiles }: Config, git: GitHost): Central {
  return dockerfiles.kind === 'folder'
    ? createFolderCentral(dockerfiles.path, dockerfiles.isDefault)
    : createGitCentral(git.mirror(dockerfiles.repository), dockerfiles.branch);
}

function credentialsOf({ registry: { host, username, password } }: Config) {
  return username === null || password === null ? null : { host, username, password: password.reveal() };
}

/** Joins all parts and recovers what an earlier process left. Neither listens nor works before `start`. */
export async function compose(config: Config, parts: Parts): Promise<Slipway> {
  const { clock, log } = parts;
  const { dataDir } = config.server;
  const live = createLiveConfig(config);
  const [stopping, ending] = [new AbortController(), new AbortController()];
  const store = await openStore({ dataDir, logLimit: () => live.current().limits.log, clock });
  await tightenData(dataDir, log);
  const events = createEvents();
  const deps = pipelineDeps(live, parts, { store, events }, { stopping: stopping.signal, ending: ending.signal });
  const pipeline = createPipeline(deps, {
    worker: randomUUID(),
    concurrency: () => live.current().engine.concurrency,
    timeout: () => live.current().engine.timeout,
    blockedBy: () => lowDiskBlockedBy(dataDir, live.current().limits.freeDisk),
    sweep: () => live.current().sweep,
    random: parts.random,
    whenIdle: () => deps.intake.whenIdle(),
  });
  const app = await buildApp(apiDeps(live, deps, stopping.signal));
  let running: Promise<unknown> = Promise.resolve();
  let grace = GRACE_MS;
  return {
    app,
    store,
    events,
    async start() {
      await deps.git.prepare();
      const left = await pipeline.recover();
      if (left.length > 0) log.info({ builds: left }, 'running the builds of the last server again');
      running = Promise.all([
        pipeline.run(stopping.signal, () => grace),
        runRetention({ ...deps, retention: () => live.current().retention }, stopping.signal),
      ]);
    },
    async reload(read) {
      const isApplied = await reload(read, {
        ...deps,
        live,
        cancelQueued: (service) => cancelQueued({ service }, deps),
      });
      deps.metrics.reload(isApplied ? 'applied' : 'refused');
      return isApplied;
    },
    async stop(patience) {
      grace = patience;
      stopping.abort();
      await waitForEnd(running, clock, patience, ending);
      await app.close();
      // Background work of git, such as combining packs, must not outlive the server.
      ending.abort();
      await pipeline
        .leave()
        .catch((err: unknown) => log.warn({ err }, 'could not return the looks and builds in hand'));
      await store.housekeeping.close();
      // Last: a reading that is stopped must not be able to record that.
      await deps.reading.close();
    },
  };
}

function apiDeps(live: LiveConfig, deps: ReturnType<typeof pipelineDeps>, stopping: AbortSignal): ApiDeps {
  const { store, events, clock, log, metrics, refusals, git, engine, registry, dataDir } = deps;
  return {
    services: deps.services,
    tokens: () => live.current().access.tokens,
    anonymousRead: () => live.current().access.anonymousRead,
    metrics: () => live.current().access.metrics,
    artifactLimit: () => live.current().limits.artifact,
    store,
    events,
    operations: createOperations(deps),
    webhooks: createWebhookReader({ secrets: () => live.current().github.webhookSecrets }),
    artifacts: deps.artifacts,
    readiness: createReadiness({
      engine,
      registry,
      store,
      git,
      repository: () => [...live.current().services.values()][0]?.repository ?? null,
      dataDir,
      freeDisk: () => live.current().limits.freeDisk,
      clock,
    }),
    heads: createHeads({ git, store }),
    waiting: createWaiting({
      store,
      clock,
      concurrency: () => live.current().engine.concurrency,
      lowDisk: () => lowDiskBlockedBy(dataDir, live.current().limits.freeDisk),
    }),
    findCommit: ({ repository }, abbreviated) => git.mirror(repository).history.resolve(abbreviated),
    renderMetrics: () => metrics.render(),
    onWebhook: (status) => {
      metrics.webhook(status);
      refusals.note(status);
    },
    enterWebhook: () => deps.intake.enter(),
    clock,
    log,
    stopping,
  };
}

/** Runs the server until SIGTERM or SIGINT, then drains. Reloads its file when it changes, and at SIGHUP. Resolves with the exit code. */
export async function serve(config: Config, file: string): Promise<number> {
  const log = createLog(process.env['LOG_LEVEL']);
  const slipway = await compose(config, { clock: systemClock, log, env: process.env, random: Math.random });
  const stopping = new AbortController();
  const reloading = watchConfig({ file, watch: pollFile, clock: systemClock, reload: readAgain }, stopping.signal);
  // Before anybody can know that it runs: without a handler, either signal would kill it.
  process.on('SIGHUP', reloading.now);
  const asked = new Promise<string>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT']) process.once(name, resolve);
  });
  const { host, port } = config.server;
  const address = await listenAt(slipway.app, { host, port });
  log.info({ address, services: config.services.size }, 'listening');
  await warnOfCycles(config, log);
  await slipway.start().catch(async (error: unknown) => {
    // Stop listening: nobody would process new requests.
    stopping.abort();
    await slipway.stop(0);
    throw error;
  });
  const signal = await asked;
  log.info({ signal }, 'stopping');
  stopping.abort();
  process.off('SIGHUP', reloading.now);
  await slipway.stop(GRACE_MS);
  // Work that still hangs, such as an engine that cleans up, keeps the process no longer.
  setTimeout(() => process.exit(0), EXIT_MS).unref();
  return 0;

  async function readAgain(): Promise<void> {
    try {
      const read = await loadConfig(file);
      if ((await slipway.reload(read)) && read.ok) await warnOfCycles(read.config, log);
    } catch (error) {
      log.error({ err: error }, 'could not read the configuration again');
    }
  }
}

/** Runs read-only work beside a server that may be running on the same data directory, or on an empty store. Git mirrors are updated. */
export async function readOnly<T>(config: Config, work: (deps: PipelineDeps) => Promise<T>): Promise<T> {
  const { dataDir } = config.server;
  const parts: Parts = { clock: systemClock, log: pino({ level: 'silent' }), env: process.env, random: Math.random };
  const scratch = await mkdtemp(join(tmpdir(), 'slipway-read-'));
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const recorded = existsSync(join(dataDir, 'slipway.db'));
  const store = recorded
    ? openReader(dataDir, parts.clock)
    : await openStore({ dataDir: scratch, logLimit: config.limits.log, clock: parts.clock });
  try {
    const core = { store, events: createEvents() };
    const never = new AbortController().signal;
    const deps = pipelineDeps(createLiveConfig(config), parts, core, { stopping: never, ending: never });
    return await work(deps).finally(() => deps.reading.close());
  } finally {
    await store.housekeeping.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
