/** A Slipway that a browser can visit and that deploys: the service `app` to staging (host s) and production (hosts a and b), all in memory. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokens, PagesStage } from './pages-stage.js';
import { dockerfile } from './fake-stage.js';
import { createServingHosts, type ServingHosts } from './serving-hosts.js';
import { until } from './api-client.js';

const addresses = { 'staging/s': '127.0.10.1', 'production/a': '127.0.10.2', 'production/b': '127.0.10.3' };

/** What tests read of a deployment. */
export interface DeploymentRow {
  readonly id: string;
  readonly status: string;
  readonly release: { readonly number: number; readonly tag: string };
  readonly waitingFor: { readonly code: string } | null;
  readonly reference: string | null;
  readonly reason: string | null;
  readonly kind: string;
}

export interface DeployingPages {
  readonly pages: PagesStage;
  readonly hosts: ServingHosts;
  /** Pushes a change that makes a release, with this word in its settings. Resolves with its version tag. */
  release(word: string): Promise<string>;
  /** Asks for a deployment and resolves with its id. */
  ask(ticket: object, token?: string): Promise<string>;
  /** The deployment once it has that status, or waits for that. */
  reached(id: string, state: string): Promise<DeploymentRow>;
  /** The newest deployments, newest first. */
  deployments(): Promise<readonly DeploymentRow[]>;
  close(): Promise<void>;
}

export async function openDeployingPages(production: object = {}): Promise<DeployingPages> {
  const port = await freePort();
  const hosts = createServingHosts(() => pages.stage.fakes, addresses);
  const timeouts = { reach: '1s', pull: '1s', start: '1s', settle: '50ms' };
  const hostOf = (key: keyof typeof addresses) => ({
    engine: `unix:///run/${key.replace('/', '-')}.sock`,
    ...{ address: addresses[key], publish: addresses[key] },
  });
  const environments = {
    staging: { hosts: { s: hostOf('staging/s') }, timeouts },
    production: { hosts: { a: hostOf('production/a'), b: hostOf('production/b') }, timeouts, ...production },
  };
  const deploy = { environments: Object.keys(environments) };
  const pages = await PagesStage.open({
    services: { app: { repository: 'abc/app', version: { value: '1.0' }, deploy } },
    config: { environments },
    hosts,
  });
  const { stage } = pages;
  const { slipway } = stage;
  const deployment = (id: string) => slipway.get<DeploymentRow>(`/api/v1/deployments/${id}`);
  return {
    ...{ pages, hosts },
    async release(word) {
      const files = {
        'docker/Dockerfile': dockerfile,
        'src/word.txt': word,
        'docker/compose.yaml': runFile(word, port),
      };
      await stage.push(files);
      await slipway.quiet();
      const { releases } = await slipway.get<{ releases: { image: { tags: string[] } }[] }>('/api/v1/releases/app');
      return releases[0]?.image.tags[0] ?? '';
    },
    async ask(ticket, token = tokens.deploy) {
      const payload = { service: 'app', ...ticket };
      const answer = await slipway.request('POST', '/api/v1/deployments', payload, token);
      if (answer.statusCode !== 202) throw new Error(answer.body);
      return (JSON.parse(answer.body) as DeploymentRow).id;
    },
    async reached(id, state) {
      await until(`deployment ${id} to be ${state}`, async () => {
        const { status, waitingFor } = await deployment(id);
        return status === state || waitingFor?.code === state;
      });
      return deployment(id);
    },
    deployments: async () => (await slipway.get<{ deployments: DeploymentRow[] }>('/api/v1/deployments')).deployments,
    async close() {
      await pages.close();
      await hosts.close();
    },
  };
}

const runFile = (word: string, port: number): string =>
  JSON.stringify({
    services: {
      app: {
        ports: [`${port}:8080`],
        environment: { WORD: word },
        'x-slipway': { verify: { path: '/version' } },
      },
    },
  });

/** A port that nobody has at any address. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
