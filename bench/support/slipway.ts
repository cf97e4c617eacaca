import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, root } from '../../scripts/parts.mjs';
import { Changes } from './changes.js';
import { pushBody, webhookHeaders, webhookSecret } from './github.js';

const token = 'bench';

/** To see where the time goes: BENCH_NODE_ARGS="--cpu-prof --cpu-prof-dir=FOLDER" writes a profile of the server. */
const nodeArguments = (process.env['BENCH_NODE_ARGS'] ?? '').split(' ').filter((word) => word !== '');

export interface SlipwayOptions {
  /** The server's folder; kept data is found again. */
  readonly dir: string;
  readonly cloneUrl: string;
  readonly services: Readonly<Record<string, object>>;
  readonly registry: { readonly host: string; readonly username: string; readonly password: string };
  readonly dockerHost: string;
  readonly concurrency?: number;
  /** Further top-level keys of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface BuildAnswer {
  readonly id: string;
  readonly service: string;
  readonly commit: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly error: { readonly message: string } | null;
  readonly image: { readonly repository: string; readonly digest: string; readonly tags: readonly string[] } | null;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly steps: readonly { readonly name: string; readonly startedAt: string; readonly finishedAt: string | null }[];
}

/** The compiled server in a process of its own, as its users run it. */
export class BenchSlipway {
  private constructor(
    readonly port: number,
    readonly log: string,
    private readonly child: ChildProcess,
    readonly changes: Changes,
  ) {}

  static async start(options: SlipwayOptions): Promise<BenchSlipway> {
    const port = await freePort();
    mkdirSync(options.dir, { recursive: true });
    const config = join(options.dir, 'slipway.yaml');
    writeFileSync(config, JSON.stringify(settings(options, port)));
    const log = join(options.dir, 'server.log');
    const file = openSync(log, 'a');
    const args = [...nodeArguments, join(root, 'dist/cli.js'), 'serve', '--config', config];
    const child = spawn(process.execPath, args, { stdio: ['ignore', file, file] });
    const slipway = new BenchSlipway(port, log, child, new Changes());
    while (!(await slipway.#isUp())) await pause(20);
    await slipway.changes.follow(port, token);
    return slipway;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async #isUp(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`Slipway did not start:\n${readFileSync(this.log, 'utf8')}`);
    const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => null);
    return answer?.ok === true;
  }

  /** Announces a push; resolves with the delivery's id once Slipway has it. */
  async announce(repository: string, branch: string, after: string, before = '0'.repeat(40)): Promise<string> {
    const body = pushBody(repository, branch, before, after);
    const id = randomUUID();
    const url = `http://127.0.0.1:${this.port}/webhooks/github`;
    const answer = await fetch(url, { method: 'POST', headers: webhookHeaders(body, id), body });
    if (answer.status !== 202) throw new Error(`webhook: ${answer.status} ${await answer.text()}`);
    return id;
  }

  async get<T>(path: string): Promise<T> {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, { headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Posts JSON and resolves with the answer. */
  async post<T>(path: string, body: object): Promise<T> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${this.port}${path}`;
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** The builds that a delivery led to, once its decisions are there. */
  async buildsOf(deliveryId: string): Promise<readonly string[]> {
    await this.changes.until(deliveryId, (status) => status !== 'accepted');
    const path = `/api/v1/deliveries/${deliveryId}`;
    const delivery = await this.get<{ decisions: readonly { buildId: string | null }[] }>(path);
    return delivery.decisions.flatMap(({ buildId }) => (buildId === null ? [] : [buildId]));
  }

  /** Milliseconds from the announcement of a push until every image that it asks for is in the registry. */
  async pushed(repository: string, after: string): Promise<{ ms: number; builds: readonly BuildAnswer[] }> {
    const began = performance.now();
    const ids = await this.buildsOf(await this.announce(repository, 'main', after));
    await Promise.all(ids.map((id) => this.changes.until(id, (status) => status !== 'queued' && status !== 'running')));
    const ms = performance.now() - began;
    const builds = await Promise.all(ids.map((id) => this.get<BuildAnswer>(`/api/v1/builds/${id}`)));
    for (const { service, status, error } of builds) {
      if (status !== 'succeeded') throw new Error(`${service} ended ${status}: ${error?.message ?? ''}`);
    }
    return { ms, builds };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

function settings(options: SlipwayOptions, port: number): object {
  const { cloneUrl, services, registry, dockerHost, concurrency = 2, config = {} } = options;
  return {
    server: { listen: `127.0.0.1:${port}` },
    access: { tokens: [{ name: 'bench', token, scopes: ['admin'] }] },
    github: { webhookSecrets: [webhookSecret], cloneUrl },
    registry: { ...registry, insecure: true },
    engine: { host: dockerHost, concurrency },
    limits: { freeDisk: '100MiB' },
    sweep: 'off',
    services,
    ...config,
  };
}
