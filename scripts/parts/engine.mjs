/** The Docker Engine that the commands use: the one that answers, or a private one. */
import { join } from 'node:path';
import { debianEngines, ensureDebianEngine } from './debian-engine.mjs';
import { engineClient } from './engine-client.mjs';
import { removePrivateEngine, startPrivateEngine } from './private-engine.mjs';
import { canInstall, ensurePrograms, findProgram } from './programs.mjs';

const usualSocket = 'unix:///var/run/docker.sock';

/** The engine that answers, or null with what was tried. */
async function findEngine(env) {
  const tried = [];
  for (const dockerHost of new Set([env.DOCKER_HOST, usualSocket].filter(Boolean))) {
    const trouble = await engineClient(dockerHost, env).trouble();
    if (trouble === null) return { dockerHost, tried };
    tried.push(`${dockerHost} (${trouble.code ?? trouble.message})`);
  }
  return { dockerHost: null, tried };
}

/** Whether an engine can be started here: needs Linux, root, and dockerd, which is there or can be installed. */
const canStart = () =>
  process.platform === 'linux' && process.getuid?.() === 0 && (findProgram('dockerd') !== null || canInstall());

/** Fails unless private engines can be started here; installs what they need. */
export function ensurePrivateEngines(say) {
  if (!canStart())
    throw new Error('Private engines need Linux, root, and dockerd or a Debian machine that installs it.');
  ensurePrograms(['dockerd', 'busybox', 'openssl'], say);
}

/**
 * The engine at DOCKER_HOST or the usual socket; where neither answers, a private one below `dir`, which is said before it is
 * done. What an interrupted run left below `dir` is removed first. `stop` ends a private engine and removes its folder, and does
 * nothing to any other.
 *
 * @returns {Promise<{ dockerHost: string, private: boolean, stop(): Promise<void> }>}
 */
export async function ensureEngine({ dir, say, detached = false, env = process.env }) {
  await removePrivateEngine(dir);
  const { dockerHost, tried } = await findEngine(env);
  if (dockerHost !== null) return { dockerHost, private: false, stop: () => Promise.resolve() };
  if (!canStart()) {
    throw new Error(
      `No Docker Engine answers: ${tried.join(', ')}. Start one, point DOCKER_HOST at one, or run this as root on Debian or ` +
        'Ubuntu, where a private one is installed and started.',
    );
  }
  say(`No Docker Engine answers (${tried.join(', ')}).`);
  ensurePrograms(['dockerd', 'busybox'], say);
  say(`Starting a private one below ${dir}.`);
  const started = await startPrivateEngine({ dir, detached });
  return { dockerHost: started, private: true, stop: () => removePrivateEngine(dir) };
}

/**
 * A private Docker Engine of another version below `dir`, whatever answers here. Its programs are kept below `programs`. `containerd`: it
 * keeps its images in containerd's store. `client` and `clientSettings` are Docker's client of that version and its DOCKER_CONFIG.
 *
 * @returns {Promise<{ dockerHost: string, version: string, client: string, clientSettings: string, stop(): Promise<void> }>}
 */
export async function startOtherEngine({ version, containerd, dir, programs, say }) {
  if (!debianEngines.includes(version)) {
    throw new Error(`Docker Engine ${version} cannot be had here; ${debianEngines.join(', ')} can.`);
  }
  ensurePrograms(['busybox'], say);
  const { usr, ...rest } = ensureDebianEngine({ version, folder: join(programs, version), say });
  say(`Starting Docker Engine ${rest.version}${containerd ? " with containerd's image store" : ''} below ${dir}.`);
  const dockerHost = await startPrivateEngine({ dir, detached: false, other: { usr, containerd } });
  return { ...rest, dockerHost, stop: () => removePrivateEngine(dir) };
}
