/** A whole Slipway in this process, on a real git host, or one in memory, and a real store; engine and registry are the caller's. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import type { Clock } from '../../src/clock.js';
import type { Engine } from '../../src/engine/contract.js';
import { compose, type Slipway } from '../../src/main.js';
import type { Hosts } from '../../src/hosts/contract.js';
import type { Registry } from '../../src/registry/contract.js';
import { ApiClient, SECRET, TOKEN, until, type ApiRequest } from './api-client.js';
import { startTestGitHost, type TestGitHost, type TestRepo } from './git.js';
import { systemClock } from '../../src/system-clock.js';
import { root } from '../../scripts/parts.mjs';
import { keptLog } from './kept-log.js';
import type { MemoryHost } from './memory-host.js';
import { inlineReading, threadedReading } from './reading.js';

export { until, SECRET, TOKEN, type BuildRow, type DecisionRow } from './api-client.js';

export interface TestSlipwayOptions {
  /** Value of `services` in the configuration. */
  readonly services: Record<string, object>;
  /** Further top-level keys of the configuration. */
  readonly config?: Record<string, unknown>;
  /** Environment variables that the configuration may name. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further environment variables of the process. */
  readonly processEnv?: Readonly<Record<string, string>>;
  readonly registryHost: string;
  readonly registryUser?: { readonly username: string; readonly password: string };
  readonly engineHost?: string;
  readonly engine?: Engine;
  readonly registry?: Registry;
  /** Those of environments. Default: real ones. */
  readonly hosts?: Hosts;
  readonly clock?: Clock;
  /** Default: always 0.5. */
  readonly random?: () => number;
  /** Files of the central dockerfiles folder by path. */
  readonly central?: Record<string, string>;
  readonly host?: TestGitHost;
  /** A git host in memory instead of a real one. */
  readonly memory?: MemoryHost;
  /** Fills the data directory before the first start. */
  readonly fill?: (dataDir: string) => Promise<void>;
}

export class TestSlipway extends ApiClient {
  readonly log = keptLog();
  #running: Slipway | null = null;

  private constructor(
    private readonly realHost: TestGitHost | null,
    readonly folder: string,
    private readonly options: TestSlipwayOptions,
  ) {
    super();
  }

  static async create(options: TestSlipwayOptions): Promise<TestSlipway> {
    const host = options.host ?? (options.memory ? null : await startTestGitHost());
    const folder = await mkdtemp(join(tmpdir(), 'slipway-test-'));
    const slipway = new TestSlipway(host, folder, options);
    for (const [path, content] of Object.entries(options.central ?? {})) await slipway.writeCentral(path, content);
    return slipway;
  }

  /** Created and started. */
  static async start(options: TestSlipwayOptions): Promise<TestSlipway> {
    const slipway = await TestSlipway.create(options);
    await options.fill?.(slipway.dataDir);
    await slipway.start();
    return slipway;
  }

  get host(): TestGitHost {
    if (this.realHost === null) throw new Error('This Slipway has its git host in memory.');
    return this.realHost;
  }

  get clock(): Clock {
    return this.options.clock ?? systemClock;
  }

  get configFile(): string {
    return join(this.folder, 'slipway.yaml');
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  async writeCentral(path: string, content: string): Promise<void> {
    const file = join(this.folder, 'dockerfiles', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  /** Writes the configuration file; JSON is YAML. */
  async writeConfig(changes: Record<string, unknown> = {}): Promise<void> {
    const { registryHost, registryUser, engineHost, services, config } = this.options;
    const content = {
      server: { listen: '127.0.0.1:0', dataDir: './data' },
      access: {
        tokens: [
          { name: 'ops', token: TOKEN, scopes: ['admin'] },
          { name: 'jenkins', token: 'jenkins-token', scopes: ['build'] },
        ],
      },
      github: { webhookSecrets: [SECRET], cloneUrl: this.realHost?.cloneUrl ?? 'https://git.test/{repository}.git' },
      registry: {
        host: registryHost,
        insecure: true,
        ...(registryUser && { username: registryUser.username, password: registryUser.password }),
      },
      engine: { host: engineHost ?? 'unix:///nowhere.sock', concurrency: 2 },
      limits: { freeDisk: '1MiB' },
      sweep: 'off',
      services,
      ...config,
      ...changes,
    };
    await writeFile(this.configFile, JSON.stringify(content));
  }

  async start(changes: Record<string, unknown> = {}): Promise<void> {
    await this.writeConfig(changes);
    const loaded = await loadConfig(this.configFile, this.options.env ?? {});
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    const { engine, registry, hosts } = this.options;
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...this.options.processEnv };
    this.#running = await compose(loaded.config, {
      clock: this.clock,
      log: this.log,
      env,
      random: this.options.random ?? (() => 0.5),
      git: this.options.memory?.git,
      engine,
      registry,
      ...(hosts && { hosts }),
      reading: engine ? inlineReading : threadedReading(),
      ui: join(root, 'dist/ui'),
    });
    await this.#running.app.ready();
    await this.#running.start();
  }

  get running(): Slipway {
    if (!this.#running) throw new Error('not started');
    return this.#running;
  }

  async stop(grace = 5_000): Promise<void> {
    await this.#running?.stop(grace);
    this.#running = null;
  }

  /** Deletes the mirrors, as an operator may at any time; while it is stopped. */
  async forgetMirrors(): Promise<void> {
    this.options.memory?.forgetMirrors();
    await rm(join(this.dataDir, 'mirrors'), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.stop(0);
    // A git that puts packs together may outlive the server, and add a file to a folder that is being removed.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    if (!this.options.host) await this.realHost?.close();
  }

  repo(name: string): Promise<TestRepo> {
    return this.host.repo(name);
  }

  override send(request: ApiRequest) {
    return this.running.app.inject(request);
  }

  /** Resolves when nothing is queued, running or to be looked at (looks that wait for a pause aside). */
  async quiet(): Promise<void> {
    await until('everything to be quiet', async () => {
      const { looks, housekeeping } = this.running.store;
      const { queued, running } = await housekeeping.load();
      const due = await looks.nextDueAt([]);
      return queued === 0 && running === 0 && (due === null || due > this.clock.now() + 500);
    });
  }
}
