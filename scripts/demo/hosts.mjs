/**
 * Where the demo's deployments go. On a machine where engines of our own can be started, staging is one and production are two behind HAProxy.
 * Otherwise both environments are on the one engine that there is.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePrivateEngines, freePort, removePrivateEngine, startPrivateEngine } from '../parts.mjs';
import { findProgram } from '../parts/programs.mjs';
import { ensureBalancer, startBalancer } from './balancer.mjs';
import { versionPath } from './repository-files.mjs';
import { together } from './together.mjs';

/** Each of our own has an address of this machine to itself, so that all may publish the same port. */
const ownHosts = { staging: { s: '127.0.0.4' }, production: { a: '127.0.0.2', b: '127.0.0.3' } };

const folderOf = (dir, name) => join(dir, 'hosts', name);

async function startHost({ dir, keep }, [name, address]) {
  const folder = folderOf(dir, name);
  mkdirSync(folder, { recursive: true });
  return { name, address, dockerHost: await startPrivateEngine({ dir: folder, detached: keep }) };
}

/** Gets the programs for engines of our own and HAProxy; fails with why the demo has to do without. */
function ensureParts({ engine, say }) {
  if (!engine.private) {
    if (engine.dockerHost === process.env.DOCKER_HOST) throw new Error('DOCKER_HOST names it.');
    // Nothing is installed beside an engine that runs.
    const missing = ['dockerd', 'busybox', 'openssl'].find((program) => findProgram(program) === null);
    if (missing !== undefined) throw new Error(`There is no ${missing} to start others.`);
  }
  ensurePrivateEngines(say);
  return ensureBalancer(say);
}

async function setOwnHosts({ dir, state, say, keep, program }) {
  const hosts = Object.entries(ownHosts).flatMap(([environment, all]) =>
    Object.entries(all).map((host) => ({ environment, host })),
  );
  const started = await together(
    hosts.map(async ({ environment, host }) => ({ environment, ...(await startHost({ dir, keep }, host)) })),
  );
  const of = (environment) => started.filter((one) => one.environment === environment);
  const ports = { staging: await freePort(), production: await freePort() };
  const balancer = await startBalancer({
    ...{ dir, state, keep, program, backend: 'bk_storefront', check: versionPath },
    servers: of('production').map(({ name, address }) => ({
      name: `web-${name}`,
      at: `${address}:${ports.production}`,
    })),
  });
  say(`Hosts: staging on ${names(of('staging'))}, production on ${names(of('production'))} (private engines)`);
  say(`HAProxy in front of production: ${balancer.url}`);
  return {
    environments: {
      staging: { hosts: of('staging'), port: ports.staging },
      production: { hosts: of('production'), port: ports.production, balancer },
    },
    users: `${balancer.url}${versionPath}`,
  };
}

const names = (hosts) => hosts.map(({ name }) => name).join(' and ');

async function setOneHost({ engine, say, reason }) {
  const environment = async (name) => ({
    hosts: [{ name, address: '127.0.0.1', dockerHost: engine.dockerHost }],
    port: await freePort(),
  });
  const environments = { staging: await environment('s'), production: await environment('a') };
  say(`Hosts: staging and production are both on this engine, at ports of their own (${reason}).`);
  return { environments, users: `http://127.0.0.1:${environments.production.port}${versionPath}` };
}

/**
 * Starts what deployments need. `environments` has the hosts of each environment, their port, and perhaps a balancer; `users` is where users
 * ask production for its version.
 */
export async function setHosts({ dir, state, say, keep, engine, interrupted }) {
  try {
    return await setOwnHosts({ dir, state, say, keep, program: ensureParts({ engine, say }) });
  } catch (error) {
    if (interrupted() || (engine.private && process.env.CI === 'true')) throw error;
    await removeHosts(dir);
    return setOneHost({ engine, say, reason: error.message.trim().replaceAll('\n', ' ').replace(/[.:]$/, '') });
  }
}

/** Ends the engines of our own that a demo started below `dir`. */
export async function removeHosts(dir) {
  const folder = join(dir, 'hosts');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) await removePrivateEngine(join(folder, name));
}
