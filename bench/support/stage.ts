/** The real parts that a benchmark needs: a git host, an engine, a registry with a password and a base image with a shell. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCleanup,
  ensureBaseImage,
  ensureEngine,
  ensurePrograms,
  registryUser,
  startRegistry,
} from '../../scripts/parts.mjs';
import { createRepo, type TestRepo } from '../../test/support/git.js';
import { DockerClient } from './docker-client.js';
import { serveGit } from './git-host-process.js';
import { BenchSlipway, type SlipwayOptions } from './slipway.js';

export interface BenchStage {
  readonly dir: string;
  readonly cloneUrl: string;
  /** `host:port`. */
  readonly registry: string;
  readonly dockerHost: string;
  /** Whether the engine was started for this, so that nobody else's work is on it. */
  readonly ownEngine: boolean;
  /** To stand after FROM. */
  readonly base: string;
  readonly docker: DockerClient;
  repo(name: string): Promise<TestRepo>;
  /** A server in a folder of its own, stopped with the stage. */
  slipway(
    options: Pick<SlipwayOptions, 'services' | 'concurrency' | 'config'> & { readonly name?: string },
  ): Promise<BenchSlipway>;
}

const base = 'slipway-bench/base:1';

/** Opens a stage, has the work done on it, and takes everything away again, whatever happens. */
export async function onStage(work: (stage: BenchStage) => Promise<void>): Promise<void> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const dir = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const cleanup = createCleanup(say);
  cleanup.add(() => rmSync(dir, { recursive: true, force: true }));
  try {
    ensurePrograms(['git', 'docker-registry'], say);
    const engine = await ensureEngine({ dir, say });
    cleanup.add(() => engine.stop());
    const { dockerHost } = engine;
    const registry = await startRegistry({ dir: join(dir, 'registry'), dockerHost });
    cleanup.add(() => registry.stop());
    await ensureBaseImage(dockerHost, base);
    const repositories = join(dir, 'git-host');
    mkdirSync(repositories);
    const host = await serveGit(repositories);
    cleanup.add(() => host.close());
    const cloneUrl = `${host.url}/{repository}.git`;
    await work({
      dir,
      cloneUrl,
      registry: registry.host,
      dockerHost,
      ownEngine: engine.private,
      base,
      docker: new DockerClient(dockerHost, join(dir, 'docker-client'), { host: registry.host, ...registryUser }),
      repo: (name) => createRepo({ root: repositories }, name),
      async slipway({ name = 'slipway', ...options }) {
        const common = { dir: join(dir, name), cloneUrl, dockerHost };
        const slipway = await BenchSlipway.start({
          ...common,
          registry: { host: registry.host, username: registryUser.username, password: registryUser.password },
          ...options,
        });
        cleanup.add(() => slipway.stop());
        return slipway;
      },
    });
  } finally {
    await cleanup.run();
  }
}
