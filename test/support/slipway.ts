/** A whole Slipway in this process, on a real git host and a real store; engine and registry are the caller's. */
import { createHmac, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import type { Clock } from '../../src/clock.js';
import type { Engine } from '../../src/engine/contract.js';
import { compose, systemClock, type Slipway } from '../../src/main.js';
import type { Registry } from '../../src/registry/contract.js';
import { startTestGitHost, type TestGitHost, type TestRepo } from './git.js';
import { keptLog } from './kept-log.js';

export const SECRET = 'webhook-secret';
export const TOKEN = 'ops-token';

export interface TestSlipwayOptions {
  /** Value of `services` in the configuration. */
  readonly services: Record<string, object>;
  /** Further top-level keys of the configuration. */
  readonly config?: Record<string, unknown>;
  readonly registryHost: string;
  readonly registryUser?: { readonly username: string; readonly password: string };
  readonly engineHost?: string;
  readonly engine?: Engine;
  readonly registry?: Registry;
  readonly clock?: Clock;
  /** Files of the central dockerfiles folder by path. */
  readonly central?: Record<string, string>;
  readonly host?: TestGitHost;
}

export interface DecisionRow {
  readonly service: string;
  readonly branch: string;
  readonly decision: 'build' | 'skip';
  readonly reason: {
    readonly code: string;
    readonly message: string;
    readonly paths: string[];
    readonly patterns: string[];
  };
  readonly base: string | null;
  readonly head: string | null;
  readonly buildId: string | null;
}

export interface BuildRow {
  readonly id: string;
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly trigger: { readonly kind: string; readonly deliveryId: string | null; readonly by: string | null };
  readonly reason: { readonly code: string };
  readonly dockerfile: { readonly source: string; readonly path: string; readonly commit: string | null } | null;
  readonly image: { readonly repository: string; readonly digest: string; readonly tags: string[] } | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly step: string | null;
    readonly blame: string;
  } | null;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly steps: { readonly name: string }[];
}

const CONDITION_MS = 60_000;
const LONGEST_PAUSE_MS = 20;

/** Waits until the condition gives something; polls, ever less often. */
export async function until<T>(what: string, condition: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = Date.now() + CONDITION_MS;
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

export class TestSlipway {
  readonly log = keptLog();
  #running: Slipway | null = null;

  private constructor(
    readonly host: TestGitHost,
    readonly folder: string,
    private readonly options: TestSlipwayOptions,
  ) {}

  static async create(options: TestSlipwayOptions): Promise<TestSlipway> {
    const host = options.host ?? (await startTestGitHost());
    const folder = await mkdtemp(join(tmpdir(), 'slipway-test-'));
    const slipway = new TestSlipway(host, folder, options);
    for (const [path, content] of Object.entries(options.central ?? {})) await slipway.writeCentral(path, content);
    return slipway;
  }

  /** Created and started. */
  static async start(options: TestSlipwayOptions): Promise<TestSlipway> {
    const slipway = await TestSlipway.create(options);
    await slipway.start();
    return slipway;
  }

  get clock(): Clock {
    return this.options.clock ?? systemClock;
  }

  get configFile(): string {
    return join(this.folder, 'slipway.yaml');
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
      github: { webhookSecrets: [SECRET], cloneUrl: this.host.cloneUrl },
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
    const loaded = await loadConfig(this.configFile, {});
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    const { engine, registry } = this.options;
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
    this.#running = await compose(loaded.config, {
      clock: this.clock,
      log: this.log,
      env,
      random: () => 0.5,
      engine,
      registry,
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
    await rm(join(this.folder, 'data', 'mirrors'), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.stop(0);
    await rm(this.folder, { recursive: true, force: true });
    if (!this.options.host) await this.host.close();
  }

  repo(name: string): Promise<TestRepo> {
    return this.host.repo(name);
  }

  /** Sends a signed push delivery, as GitHub does after the push; resolves with the delivery's id. */
  async deliver(
    repository: string,
    ref: string,
    shas: { before?: string; after: string },
    id: string = randomUUID(),
  ): Promise<string> {
    const zeros = '0'.repeat(40);
    const { before = zeros, after } = shas;
    const payload = JSON.stringify({
      ref: ref.startsWith('refs/') ? ref : `refs/heads/${ref}`,
      before,
      after,
      created: before === zeros,
      deleted: after === zeros,
      forced: false,
      repository: { full_name: repository, default_branch: 'main' },
      pusher: { name: 'ada' },
      commits: [],
      head_commit: null,
    });
    const response = await this.running.app.inject({
      method: 'POST',
      url: '/webhooks/github',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': id,
        'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(payload).digest('hex')}`,
      },
      payload,
    });
    if (response.statusCode >= 300) throw new Error(`webhook: ${response.statusCode} ${response.body}`);
    return id;
  }

  /** Delivers a push and waits for its decisions. */
  async push(repository: string, ref: string, shas: { before?: string; after: string }): Promise<DecisionRow[]> {
    return this.decisions(await this.deliver(repository, ref, shas));
  }

  async decisions(deliveryId: string): Promise<DecisionRow[]> {
    return until(`delivery ${deliveryId} to be planned`, async () => {
      const delivery = await this.get<{ status: string; decisions: DecisionRow[] }>(`/api/v1/deliveries/${deliveryId}`);
      return delivery.status !== 'accepted' && delivery.decisions;
    });
  }

  async get<T = Record<string, unknown>>(url: string): Promise<T> {
    const response = await this.request('GET', url);
    if (response.statusCode >= 400) throw new Error(`GET ${url}: ${response.statusCode} ${response.body}`);
    return JSON.parse(response.body) as T;
  }

  request(method: 'GET' | 'POST', url: string, payload?: object, token = TOKEN) {
    return this.running.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${token}` },
      ...(payload ? { payload } : {}),
    });
  }

  async post<T = Record<string, unknown>>(url: string, payload?: object): Promise<{ status: number; body: T }> {
    const response = await this.request('POST', url, payload);
    return { status: response.statusCode, body: JSON.parse(response.body || 'null') as T };
  }

  /** Jenkins' call with an artifact; resolves with the build's id. */
  async sendArtifact(fields: Readonly<Record<string, string>>, content: string): Promise<string> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('artifact', new Blob([content]), 'app.jar');
    const headers = { authorization: `Bearer ${TOKEN}` };
    const call = { method: 'POST', url: '/api/v1/builds', headers, payload: form } as const;
    const response = await this.running.app.inject(call);
    if (response.statusCode !== 202) throw new Error(`artifact: ${response.statusCode} ${response.body}`);
    return (JSON.parse(response.body) as { id: string }).id;
  }

  async build(id: string | null): Promise<BuildRow> {
    return this.get<BuildRow>(`/api/v1/builds/${id}`);
  }

  /** The build once it has ended. */
  async ended(id: string | null): Promise<BuildRow> {
    const build = await this.get<BuildRow>(`/api/v1/builds/${id}?wait=${CONDITION_MS / 1000}`);
    if (build.status === 'queued' || build.status === 'running') throw new Error(`build ${id} does not end`);
    return build;
  }

  async builds(query = ''): Promise<BuildRow[]> {
    return (await this.get<{ builds: BuildRow[] }>(`/api/v1/builds?limit=200${query}`)).builds;
  }

  async logOf(id: string | null): Promise<string> {
    return (await this.request('GET', `/api/v1/builds/${id}/log`)).body;
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
