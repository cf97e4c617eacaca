/** The whole pipeline on a git host, an engine and a registry in memory: the same commands always give the same story. */
import { createBalanced } from '../../src/pipeline/observe/balanced.js';
import { createRestless } from '../../src/pipeline/deploy/restless.js';
import { createDriftMemory } from '../../src/pipeline/look/drift-memory.js';
import { createObservations } from '../../src/pipeline/observe/observations.js';
import { createPace } from '../../src/pipeline/look/pace.js';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { inlineReading } from './reading.js';
import type { Clock } from '../../src/clock.js';
import type { Engine } from '../../src/engine/contract.js';
import { createEvents, type Events } from '../../src/events.js';
import type { GitHost } from '../../src/git/contract.js';
import { createMetrics } from '../../src/pipeline/report/metrics.js';
import type { Service } from '../../src/model/service.js';
import { createOperations } from '../../src/operations/operations.js';
import { createPipeline } from '../../src/pipeline.js';
import { createRefusals } from '../../src/pipeline/accept/refusals.js';
import { createPushReader } from '../../src/pipeline/accept/webhook-push.js';
import { createGitCentral } from '../../src/image/packaging/central.js';
import { createSharedLock } from '../../src/shared-lock.js';
import type { Store } from '../../src/store/contract.js';
import { createStore } from '../../src/store/open-store.js';
import { databaseFile, openSqlite } from '../../src/store/sqlite.js';
import { endLeases } from '../../src/store/workers.js';
import { createFakes, type Fakes } from './fakes.js';
import { fastFolder } from './fast-folder.js';
import { keptLog } from './kept-log.js';
import { manualClock } from './manual-clock.js';
import { testLabels } from './own-containers.js';
import { createMemoryGitHost, type MemoryRepository } from './memory-git.js';
import { migratedDatabase } from './store.js';
import { turn, Wire } from './wire.js';

export interface MemoryStageOptions {
  readonly repositories: ReadonlyMap<string, MemoryRepository>;
  /** The one with the central dockerfiles. */
  readonly central: string;
  readonly services: () => ReadonlyMap<string, Service>;
  /** Stands between the pipeline and its store. */
  readonly watched: (store: Store) => Store;
}

/** What GitHub tells of a push. */
export interface HeardPush {
  readonly id: string;
  readonly repository: string;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

export const SWEEP_MS = 300_000;
/** More than enough for all pauses of all retries of a story. */
const PATIENCE = 500;
const PASSES_MS = 15_000;
/** Turns without any activity after which nothing goes on by itself: a call over the wire takes one. */
const CALM_TURNS = 3;

interface Process {
  readonly life: AbortController;
  readonly stopping: AbortController;
  readonly events: Events;
  readonly operations: ReturnType<typeof createOperations>;
  readonly done: Promise<unknown>;
}

/** What builds print, and when their steps began, is no part of any story, and would be a third of all work. */
const silent = ({ logs, queue }: Store): Pick<Store, 'logs' | 'queue'> => ({
  logs: { ...logs, append: async () => true },
  queue: { ...queue, steps: async () => true },
});

interface TickingClock extends Clock {
  pass(ms: number): void;
}

/** Time that passes when a test says so, and a little whenever somebody asks: no two things happen at the same time. */
function tickingClock(): TickingClock {
  const time = manualClock();
  return {
    now: () => {
      time.advance(1);
      return time.now();
    },
    sleep: (ms, signal) => time.sleep(ms, signal),
    pass: (ms) => time.advance(ms),
  };
}

export class MemoryStage {
  readonly fakes: Fakes = createFakes();
  readonly wire = new Wire();
  readonly log = keptLog();
  readonly git: GitHost;
  readonly #readPush = createPushReader();
  #process: Process | null = null;

  private constructor(
    readonly options: MemoryStageOptions,
    readonly store: Store,
    /** Grows with each statement. */
    private readonly statements: () => number,
    private readonly endLeases: () => Promise<void>,
    private readonly folder: string,
    private readonly clock: TickingClock,
  ) {
    this.git = createMemoryGitHost(async (name) => options.repositories.get(name) ?? null);
  }

  static async open(options: MemoryStageOptions): Promise<MemoryStage> {
    const folder = await mkdtemp(join(fastFolder, 'slipway-memory-'));
    await writeFile(databaseFile(folder), await migratedDatabase(), { mode: 0o600 });
    let statements = 0;
    const opened = openSqlite(folder, () => void (statements += 1));
    // Nothing here outlives its process, so no commit needs to wait for the disk.
    await sql`pragma synchronous = off`.execute(opened.db);
    const clock = tickingClock();
    return new MemoryStage(
      options,
      createStore(opened, 1 << 20, clock),
      () => statements,
      () => endLeases(opened.db),
      folder,
      clock,
    );
  }

  /** A new process on what the one before left. */
  async start(): Promise<void> {
    const life = new AbortController();
    const stopping = new AbortController();
    const deps = this.#deps(life.signal);
    const pipeline = createPipeline(deps, {
      newWorker: () => `worker at ${this.clock.now()}`,
      concurrency: () => 2,
      timeout: () => 1_800_000,
      blockedBy: async () => null,
      sweep: () => SWEEP_MS,
      random: () => 0.5,
      labels: testLabels,
      names: createSharedLock(),
      whenIdle: async () => undefined,
    });
    // The process before has ended, however it did.
    await this.endLeases();
    await pipeline.recover();
    const done = pipeline.run(stopping.signal, () => 0);
    this.#process = { life, stopping, events: deps.events, operations: createOperations(deps), done };
  }

  /** As SIGTERM does, with no time for what runs. */
  async stop(): Promise<void> {
    const { stopping, done } = this.#running;
    stopping.abort();
    let stopped = false;
    void done.then(() => (stopped = true));
    while (!stopped) {
      await turn();
      this.clock.pass(1);
    }
  }

  /** As kill -9 does: wherever it is, it goes no further, and the engine drops what it was building for it. */
  async kill(): Promise<void> {
    this.#running.life.abort(new Error('the process is gone'));
    await this.rest();
  }

  async close(): Promise<void> {
    this.#process?.life.abort(new Error('the story is over'));
    await this.rest();
    await this.store.housekeeping.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get operations() {
    return this.#running.operations;
  }

  /** Stores what a webhook tells, as the route does, and says so. */
  async hear({ id, repository, ref, before, after }: HeardPush): Promise<void> {
    const payload = { ref, before, after, repository: { full_name: repository }, pusher: { name: 'ada' } };
    const request = { deliveryId: id, event: 'push', signature: null, contentType: null, rawBody: Buffer.alloc(0) };
    const { accepted } = this.#readPush(payload, { ...request, receivedAt: this.clock.now() });
    await this.store.deliveries.accept(accepted.delivery, accepted.look);
    this.#running.events.publish({ type: 'look' });
  }

  /** Resolves when nothing goes on any more unless time passes or the engine is released. */
  async rest(): Promise<void> {
    for (let [whenIdle, before] = [0, -1]; whenIdle < CALM_TURNS;) {
      await turn();
      const now = this.wire.activity + this.statements();
      whenIdle = now === before ? whenIdle + 1 : 0;
      before = now;
    }
  }

  now(): number {
    return this.clock.now();
  }

  pass(ms: number): void {
    this.clock.pass(ms);
  }

  /** Lets time pass until nothing is queued, running or to be looked at. */
  async quiet(): Promise<void> {
    for (let left = PATIENCE; left > 0; left -= 1) {
      await this.rest();
      const { queued, running } = await this.store.housekeeping.load();
      if (queued === 0 && running === 0 && (await this.store.looks.nextDueAt([])) === null) return;
      this.pass(PASSES_MS);
    }
    throw new Error('It never comes to rest.');
  }

  get #running(): Process {
    if (this.#process === null) throw new Error('not started');
    return this.#process;
  }

  #deps(life: AbortSignal) {
    const { git, options, fakes, log, wire } = this;
    const store = this.#storeOf(life);
    const host: GitHost = {
      mirror: (name) => ({ ...git.mirror(name), remote: wire.outside('git', git.mirror(name).remote, life) }),
      prepare: () => git.prepare(),
    };
    const central = createGitCentral(host.mirror(options.central), null);
    const events = createEvents();
    const observations = createObservations(this.clock, events);
    return {
      store,
      git: host,
      engine: this.#engineOf(life),
      registry: wire.outside('registry', fakes.registry, life),
      events,
      environments: () => new Map(),
      pullCredentials: () => null,
      restless: createRestless(),
      balancers: { find: async () => null, closeGone: async () => undefined },
      hosts: { find: async () => null, closeGone: async () => undefined, close: async () => undefined },
      ...{ observations, balanced: createBalanced({ events, observations }) },
      clock: wire.clock(this.clock, life),
      log,
      report: {
        decided: () => undefined,
        changed: () => undefined,
        deploying: () => undefined,
        planned: async () => undefined,
      },
      metrics: createMetrics(store),
      refusals: createRefusals({ store, clock: this.clock, log }),
      services: options.services,
      central: () => central,
      centralDockerfiles: () => ({ repository: options.central, branch: null }),
      frontends: () => ['docker/dockerfile'],
      registryHost: fakes.host,
      reading: inlineReading,
      drift: createDriftMemory(),
      pace: createPace(),
      sourceUrl: (repository: string) => `https://git.test/${repository}`,
      dataDir: this.folder,
      callbackHosts: () => [],
      artifacts: { keep: () => undefined, discard: async () => undefined },
    };
  }

  #storeOf(life: AbortSignal): Store {
    const store = this.options.watched({ ...this.store, ...silent(this.store) });
    const parts = Object.entries(store).map(([name, part]) => [name, this.wire.inside(part, life)]);
    return Object.fromEntries(parts) as Store;
  }

  #engineOf(life: AbortSignal): Engine {
    const { engine } = this.fakes;
    const mortal: Engine['builder'] = {
      build: (request, onEvent, signal) => engine.builder.build(request, onEvent, AbortSignal.any([signal, life])),
    };
    return {
      builder: this.wire.outside('engine', mortal, life),
      images: this.wire.outside('engine', engine.images, life),
      ping: () => engine.ping(),
      prune: (age) => engine.prune(age),
      platform: () => engine.platform(),
      version: () => engine.version(),
    };
  }
}
