/** Everything that the chaos run needs, below one folder: a private engine, a registry, a git host, the gates between them, Slipway. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startGitServer } from '../git-server.mjs';
import { ensureBaseImage, ensurePrograms, removePrivateEngine, startRegistry } from '../parts.mjs';
import { restartPrivateEngine, startPrivateEngine } from '../parts/private-engine.mjs';
import { startGitGate } from './git-gate.mjs';
import { startRegistryGate } from './registry-gate.mjs';
import { createRepositories } from './repositories.mjs';
import { createServer } from './server.mjs';
import { baseImage } from './world.mjs';

export const usualFreeDisk = '64MiB';

/** The registry, which can be restarted at its address. */
async function openRegistry(dir) {
  const folder = join(dir, 'registry');
  let running = await startRegistry({ dir: folder });
  const port = Number(running.host.split(':')[1]);
  return {
    host: running.host,
    stop: () => running.stop(),
    async start() {
      running = await startRegistry({ dir: folder, port });
    },
  };
}

/** Sets the stage; `cleanup` ends all of it, newest first. The last step starts Slipway. */
export async function setStage({ dir, cleanup, say }) {
  ensurePrograms(['git', 'dockerd', 'docker-registry', 'busybox'], say);
  cleanup.add(() => removePrivateEngine(dir));
  cleanup.add(() => copyFileSync(join(dir, 'engine/engine.log'), join(dir, 'engine.log')));
  const dockerHost = await startPrivateEngine({ dir, detached: false });
  await ensureBaseImage(dockerHost, baseImage);
  const registry = await openRegistry(dir);
  cleanup.add(() => registry.stop());
  const registryGate = await startRegistryGate(registry.host);
  cleanup.add(() => registryGate.close());
  const hosted = join(dir, 'git');
  mkdirSync(hosted);
  const gitServer = await startGitServer({ root: hosted });
  cleanup.add(() => gitServer.close());
  const gitGate = await startGitGate(gitServer.url);
  cleanup.add(() => gitGate.close());
  const registryHost = registryGate.host;
  const repositories = await createRepositories({ hosted, registryHost });
  const server = await createServer({ dir, place: { gitUrl: gitGate.url, registryHost, dockerHost } });
  cleanup.add(() => server.stop());
  server.write(usualFreeDisk);
  await server.start();
  return {
    ...{ dir, dockerHost, registry, registryGate, gitGate, repositories, server },
    restartEngine: () => restartPrivateEngine(dir),
  };
}
