/** What of a demo runs, on disk: so that any later command can end it, however the demo ended. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineClient, removePrivateEngine } from '../parts.mjs';
import { removeHosts } from './hosts.mjs';
import { removeTraces } from './images.mjs';
import { end, runs } from './processes.mjs';

const file = (dir) => join(dir, 'state.json');

function read(dir) {
  return existsSync(file(dir)) ? JSON.parse(readFileSync(file(dir), 'utf8')) : null;
}

/** Opens the state of a new demo; `note` adds to it, and is called before a thing is used, not after. */
export function openState(dir) {
  mkdirSync(dir, { recursive: true });
  const state = { owner: process.pid, processes: [], container: null, engine: null, instance: null };
  const write = () => writeFileSync(file(dir), JSON.stringify(state));
  write();
  return {
    process: (pid) => write(state.processes.push(pid)),
    note: (fields) => write(Object.assign(state, fields)),
  };
}

/** Whether a demo below `dir` is going on (`running`) or was left running on request (`kept`). */
export function condition(dir) {
  const state = read(dir);
  if (state === null) return 'none';
  if (state.owner !== process.pid && runs(state.owner, 'demo.mjs')) return 'running';
  return state.kept === true && state.processes.some((pid) => runs(pid, dir)) ? 'kept' : 'over';
}

/** Ends all that a demo started, newest first, and removes its folder; on an engine of others, its containers and images too. */
export async function strike(dir) {
  const state = read(dir);
  for (const pid of state?.processes.toReversed() ?? []) await end(pid, dir);
  await removeHosts(dir);
  if (state?.engine && !state.engine.private) await leaveEngine(state);
  await removePrivateEngine(dir);
  rmSync(dir, { recursive: true, force: true });
}

async function leaveEngine({ engine, container, registryHost, cacheBefore, instance }) {
  const client = engineClient(engine.dockerHost);
  if ((await client.trouble()) !== null) return;
  if (container !== null) await client.send('DELETE', `/containers/${container}?force=true&v=true`);
  await removeTraces({ dockerHost: engine.dockerHost, registryHost, cacheBefore, instance });
}
