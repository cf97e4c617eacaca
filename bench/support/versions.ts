/** A service whose versions differ in what they answer, and its deployments. */
import type { TestRepo } from '../../test/support/git.js';
import type { BenchSlipway } from './slipway.js';
import type { BenchStage } from './stage.js';

export const repository = 'abc/shop';

/**
 * Like most services, this one first connects to something else. Until a new container has sent anything, Linux asks only once a second where its
 * address is, and a caller that asked too early waits that long on either side.
 */
const connect = "nc -w 1 $(ip route | awk '/default/ { print $3 }') 5432 < /dev/null";
const command = ['sh', '-c', `${connect}; exec httpd -f -p 8080 -h /www`];
const dockerfile = (base: string, version: string): string =>
  [`FROM ${base}`, `RUN mkdir -p /www && echo ${version} > /www/version`, `CMD ${JSON.stringify(command)}`].join('\n');
const runFile = (expect: string): string =>
  JSON.stringify({
    services: { shop: { ports: ['8080:8080'], 'x-slipway': { verify: { path: '/version', port: 8080, expect } } } },
  });

export interface Published {
  readonly version: string;
  readonly release: number;
  /** By digest. */
  readonly image: string;
}

export interface Publisher {
  readonly stage: BenchStage;
  readonly repo: TestRepo;
  readonly slipway: BenchSlipway;
}

/** A new version in the registry; the engine that builds it is no host. */
export async function publish({ stage, repo, slipway }: Publisher, number: number): Promise<Published> {
  const version = `v${number}`;
  const files = { 'docker/Dockerfile': dockerfile(stage.base, version), 'docker/compose.yaml': runFile(version) };
  const { builds } = await slipway.pushed(repository, await repo.commit({ files }));
  const image = builds[0]?.image;
  const { releases } = await slipway.get<{ releases: { number: number }[] }>('/api/v1/releases/shop?limit=1');
  return {
    version,
    release: releases[0]?.number ?? 0,
    image: `${stage.registry}/${image?.repository}@${image?.digest}`,
  };
}

/** What is at that address says of its version. Null: nobody answers. */
export async function answerAt(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(1_000) });
    return (await response.text()).trim();
  } catch {
    return null;
  }
}

export interface DeploymentAnswer {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly message: string } | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly hosts: readonly { readonly verifications: readonly { readonly at: string; readonly ok: boolean }[] }[];
  readonly steps: readonly {
    readonly name: string;
    readonly host: string | null;
    readonly startedAt: string;
    readonly finishedAt: string | null;
  }[];
}

/** Asks for a release in production. */
export const askFor = ({ release }: Published, slipway: BenchSlipway): Promise<DeploymentAnswer> =>
  slipway.post('/api/v1/deployments', { service: 'shop', environment: 'production', release });

/** The deployment once it has succeeded. */
export async function succeeded({ id }: { readonly id: string }, slipway: BenchSlipway): Promise<DeploymentAnswer> {
  const found = await slipway.get<DeploymentAnswer>(`/api/v1/deployments/${id}?wait=60`);
  if (found.status !== 'succeeded')
    throw new Error(`the deployment ended ${found.status}: ${found.error?.message ?? ''}`);
  return found;
}
