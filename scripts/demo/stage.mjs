/** Sets up everything that the demo's story needs: engine, registry, git host, and Slipway itself as a process of its own. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureEngine, ensurePrograms, freePort, root, startRegistry } from '../parts.mjs';
import { canInstall } from '../parts/programs.mjs';
import { setHosts } from './hosts.mjs';
import { baseImage, cacheIds, makeBaseImage } from './images.mjs';
import { answering, start } from './processes.mjs';
import { settings } from './settings.mjs';
import { together } from './together.mjs';

async function setEngine({ dir, state, say, keep }) {
  const { dockerHost, private: isPrivate } = await ensureEngine({ dir, say, detached: keep });
  const cacheBefore = isPrivate ? [] : await cacheIds(dockerHost);
  state.note({ engine: { dockerHost, private: isPrivate }, cacheBefore, registryHost: 'not-yet' });
  say(`Docker Engine: ${dockerHost}${isPrivate ? ' (private)' : ''}`);
  return { dockerHost, private: isPrivate };
}

async function setRegistry({ dir, state, say, keep, dockerHost }) {
  if (canInstall()) ensurePrograms(['docker-registry'], say);
  const registry = await startRegistry({ dir: join(dir, 'registry'), dockerHost, detached: keep });
  if (registry.pid !== null) state.process(registry.pid);
  state.note({ container: registry.container, registryHost: registry.host });
  say(`Registry with a password: ${registry.host}`);
  return registry.host;
}

async function setGitHost({ dir, state, say, keep }) {
  const hosted = join(dir, 'git');
  mkdirSync(hosted, { recursive: true });
  const port = await freePort();
  const log = join(dir, 'git.log');
  const command = [process.execPath, join(root, 'scripts/serve-git.mjs'), hosted, String(port)];
  const program = start(command, log, { outlive: keep });
  state.process(program.pid);
  const url = `http://127.0.0.1:${port}`;
  await answering(url, program, log);
  say(`Git host: ${url}`);
  return { hosted, work: join(dir, 'work'), url };
}

async function setSlipway({ dir, state, say, keep, dockerHost, registryHost, instance, environments, gitUrl }) {
  const random = () => randomBytes(16).toString('hex');
  const [port, secret, token, jenkinsToken] = [await freePort(), random(), random(), random()];
  const config = join(dir, 'slipway.yaml');
  const chosen = { port, secret, token, jenkinsToken, instance, gitUrl, registryHost, dockerHost, baseImage };
  writeFileSync(config, settings({ ...chosen, environments }), { mode: 0o600 });
  const log = join(dir, 'slipway.log');
  const command = [process.execPath, join(root, 'dist/cli.js'), 'serve', '--config', config];
  const program = start(command, log, { outlive: keep });
  state.process(program.pid);
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/healthz`, program, log);
  say(`Slipway: ${url} (configuration ${config})`);
  return { url, secret, token, jenkinsToken, log, config };
}

/** Sets the stage below `dir`. What it starts is noted in `state` first, so that it can be ended. */
export async function setStage({ dir, state, say, keep, interrupted }) {
  ensurePrograms(['git'], say);
  // What the containers of this demo are known by.
  const instance = `demo-${randomBytes(4).toString('hex')}`;
  state.note({ instance });
  const engine = await setEngine({ dir, state, say, keep });
  const { dockerHost } = engine;
  const [registryHost, gitHost, { environments, users }] = await together([
    setRegistry({ dir, state, say, keep, dockerHost }),
    setGitHost({ dir, state, say, keep }),
    setHosts({ dir, state, say, keep, engine, interrupted }),
    makeBaseImage(dockerHost),
  ]);
  return { dockerHost, registryHost, gitHost, instance, environments, users, baseImage, keep, dir, state, say };
}

/** Starts Slipway on a stage whose repositories are there. */
export async function startSlipway(stage) {
  return setSlipway({ ...stage, gitUrl: stage.gitHost.url });
}
