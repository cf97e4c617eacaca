import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { PlanCall } from './api/contract.js';
import { renderBuild } from './api/render.js';
import { buildApp } from './app.js';
import type { Clock } from './clock.js';
import type { Config } from './config/config.js';
import type { Engine } from './engine/contract.js';
import { createEngine } from './engine/engine.js';
import { asSlipwayError } from './errors.js';
import { createEvents, type Events } from './events.js';
import type { GitHost } from './git/contract.js';
import { createGitHost } from './git/host.js';
import { createHeads } from './heads.js';
import type { Log } from './log.js';
import { createMetrics } from './metrics.js';
import type { Decision } from './model.js';
import { createOperations } from './operations/operations.js';
import { plan } from './operations/plan.js';
import { createPipeline } from './pipeline.js';
import { createArtifactFiles } from './pipeline/accept/artifact-files.js';
import { createWebhookReader } from './pipeline/accept/webhook.js';
import type { PipelineDeps } from './pipeline/deps.js';
import { createFolderCentral, createGitCentral, type Central } from './pipeline/image/central.js';
import { createNotifiers } from './pipeline/report/notifiers.js';
import { createReporter } from './pipeline/report/reporter.js';
import { createReadiness, requireFreeDisk } from './readiness.js';
import type { Registry } from './registry/contract.js';
import { createRegistry } from './registry/registry.js';
import { runRetention } from './retention.js';
import type { Store } from './store/contract.js';
import { openStore } from './store/open-store.js';
import { openReader } from './store/open-reader.js';

/** What the outside world is; a test may put something else in the place of the engine and the registry. */
export interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly engine?: Engine;
  readonly registry?: Registry;
}

export interface Slipway {
  readonly app: Awaited<ReturnType<typeof buildApp>>;
  readonly store: Store;
  readonly events: Events;
  /** Begins to look and build. */
  start(): Promise<void>;
  /** No new build starts, running ones have `grace` milliseconds, then go back into the queue. Resolves when everything is closed. */
  stop(grace: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};

/** How long running builds may go on after SIGTERM: less than the ten seconds that Docker gives a container. */
const GRACE_MS = 8_000;

type Core = Pick<PipelineDeps, 'store' | 'events'>;

function pipelineDeps(config: Config, parts: Parts, core: Core, stopping: AbortSignal) {
  const { clock, log, env } = parts;
  const git = createGitHost({ ...config.github, dir: join(config.server.dataDir, 'mirrors'), env, clock, log });
  const central = centralOf(config, git);
  const notifiers = createNotifiers({
    github: config.github,
    publicUrl: config.server.publicUrl,
    allowedHosts: config.callbacks.allowedHosts,
    render: renderBuild,
    fetch,
    clock,
    log,
    stopping,
  });
  const repositoryOf = (service: string) => config.services.get(service)?.repository ?? null;
  return {
    ...core,
    clock,
    log,
    git,
    engine: parts.engine ?? createEngine({ ...config.engine, credentials: credentialsOf(config), clock, log }),
    registry: parts.registry ?? createRegistry({ ...config.registry, clock, log }),
    report: createReporter({ notifiers, repositoryOf, log }),
    metrics: createMetrics({ load: () => core.store.housekeeping.load() }),
    services: () => config.services,
    central: () => central,
    centralDockerfiles: () => (config.dockerfiles.kind === 'repository' ? config.dockerfiles : null),
    registryHost: config.registry.host,
    sourceUrl: (repository: string) => config.github.cloneUrl.replace('{repository}', repository).replace(/\.git$/, ''),
    dataDir: config.server.dataDir,
    callbackHosts: () => config.callbacks.allowedHosts,
    artifacts: createArtifactFiles({ dataDir: config.server.dataDir, limit: () => config.limits.artifact }),
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

/** Everything joined, with what an earlier process left over put back in order. Neither listens nor works before `start`. */
export async function compose(config: Config, parts: Parts): Promise<Slipway> {
  const { clock, log } = parts;
  const { dataDir } = config.server;
  const stopping = new AbortController();
  const store = await openStore({ dataDir, logLimit: config.limits.log, clock });
  const events = createEvents();
  const deps = pipelineDeps(config, parts, { store, events }, stopping.signal);
  const pipeline = createPipeline(deps, {
    worker: randomUUID(),
    concurrency: () => config.engine.concurrency,
    timeout: () => config.engine.timeout,
    hindrance: () => hindranceOf(dataDir, config.limits.freeDisk),
    sweep: () => config.sweep,
    random: parts.random,
  });
  const app = await buildApp(apiDeps(config, deps, stopping.signal));
  let running: Promise<unknown> = Promise.resolve();
  let grace = GRACE_MS;
  return {
    app,
    store,
    events,
    async start() {
      await deps.git.prepare();
      const left = await pipeline.recover();
      if (left.length > 0) log.info({ builds: left }, 'builds that were running when the last server ended run again');
      running = Promise.all([pipeline.run(stopping.signal, () => grace), runRetention({ ...deps }, stopping.signal)]);
    },
    async stop(patience) {
      grace = patience;
      stopping.abort();
      await running;
      await app.close();
      await store.housekeeping.close();
    },
  };
}

async function hindranceOf(dataDir: string, floor: number): Promise<string | null> {
  try {
    await requireFreeDisk(dataDir, floor);
    return null;
  } catch (error) {
    return asSlipwayError(error).message;
  }
}

function apiDeps(config: Config, deps: ReturnType<typeof pipelineDeps>, stopping: AbortSignal) {
  const { store, events, clock, log, metrics, git, engine, registry, dataDir } = deps;
  return {
    services: deps.services,
    tokens: () => config.access.tokens,
    anonymousRead: () => config.access.anonymousRead,
    metrics: () => config.access.metrics,
    artifactLimit: () => config.limits.artifact,
    store,
    events,
    operations: createOperations(deps),
    webhooks: createWebhookReader({ secrets: () => config.github.webhookSecrets }),
    artifacts: deps.artifacts,
    readiness: createReadiness({
      engine,
      registry,
      store,
      git,
      repository: () => [...config.services.values()][0]?.repository ?? null,
      dataDir,
      freeDisk: () => config.limits.freeDisk,
      clock,
    }),
    heads: createHeads({ git, store }),
    renderMetrics: () => metrics.render(),
    onWebhook: (status: string) => metrics.webhook(status),
    clock,
    log,
    stopping,
  };
}

/** The server: listens until SIGTERM or SIGINT, then drains. Resolves with the exit code. */
export async function serve(config: Config): Promise<number> {
  const log = createLog();
  const slipway = await compose(config, { clock: systemClock, log, env: process.env, random: Math.random });
  const { host, port } = config.server;
  const address = await slipway.app.listen({ host, port });
  log.info({ address, services: config.services.size }, 'listening');
  await slipway.start();
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT']) process.once(name, resolve);
  });
  log.info({ signal }, 'stopping');
  await slipway.stop(GRACE_MS);
  return 0;
}

/** For people on a terminal, JSON for everything else. */
function createLog(): Logger {
  const options = { level: process.env['LOG_LEVEL'] ?? 'info' };
  return process.stdout.isTTY ? pino(options, PinoPretty({ ignore: 'pid,hostname' })) : pino(options);
}

/** The decisions that a push would get, beside a server that may be running on the same data directory. */
export async function planOnce(config: Config, call: PlanCall): Promise<readonly Decision[]> {
  const { dataDir } = config.server;
  const parts: Parts = { clock: systemClock, log: pino({ level: 'silent' }), env: process.env, random: Math.random };
  const scratch = await mkdtemp(join(tmpdir(), 'slipway-plan-'));
  await mkdir(dataDir, { recursive: true });
  const recorded = existsSync(join(dataDir, 'slipway.db'));
  const store = recorded
    ? openReader(dataDir, parts.clock)
    : await openStore({ dataDir: scratch, logLimit: config.limits.log, clock: parts.clock });
  try {
    const stopping = new AbortController();
    return await plan(call, pipelineDeps(config, parts, { store, events: createEvents() }, stopping.signal));
  } finally {
    await store.housekeeping.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
