/** Watches the builds from outside, all the time: an end is final. */
import { setTimeout as pause } from 'node:timers/promises';
import { all } from './server.mjs';

const POLL_MS = 1_000;
const isOver = ({ status }) => status !== 'queued' && status !== 'running';
const endOf = ({ status, outcome, finishedAt, image }) => JSON.stringify([status, outcome, finishedAt, image]);

export function watchBuilds(server) {
  const ends = new Map();
  const changed = [];
  let watching = true;

  function note(build) {
    const before = ends.get(build.id);
    if (before !== undefined && before !== (isOver(build) ? endOf(build) : 'none')) {
      changed.push(`build ${build.id} had ended (${before}) and is now ${build.status} (${endOf(build)})`);
    }
    if (isOver(build)) ends.set(build.id, endOf(build));
  }

  async function watch() {
    for (; watching; await pause(POLL_MS)) {
      const { status, body } = await server.get('/api/v1/builds?limit=100');
      if (status === 200) body.builds.forEach(note);
    }
  }
  const done = watch();
  return {
    changed,
    async stop() {
      watching = false;
      await done;
      (await all(server, '/api/v1/builds', 'builds')).forEach(note);
    },
  };
}

/** Longest wait for the server to become quiet, in milliseconds: pauses grow up to two minutes, those of late builds to five. */
const QUIET_MS = 600_000;
/** As long as two sweeps, in milliseconds: what no webhook said has been found by then. */
const STILL_MS = 33_000;

async function whatWaits(server) {
  const waits = [];
  const name = ({ id, service, repository, status, waitingFor }) =>
    `${service ?? repository} ${id} ${status}${waitingFor ? `: ${waitingFor.code}, ${waitingFor.message}` : ''}`;
  for (const status of ['queued', 'running']) {
    const { body, status: code } = await server.get(`/api/v1/builds?status=${status}&limit=100`);
    if (code !== 200) return ['Slipway does not answer'];
    waits.push(...body.builds.map(name));
  }
  const { body, status } = await server.get('/api/v1/deliveries?status=accepted&limit=100');
  if (status !== 200) return ['Slipway does not answer'];
  return [...waits, ...body.deliveries.map(name)];
}

async function newestBuild(server) {
  const { body, status } = await server.get('/api/v1/builds?limit=1');
  return status === 200 ? (body.builds[0]?.id ?? 'none') : null;
}

/** Waits until no build and no delivery waits, for as long as two sweeps take. Resolves with what still waits when patience ends. */
export async function whenQuiet(server, still = STILL_MS) {
  let since = null;
  let newest = null;
  let waits = [];
  for (const began = performance.now(); performance.now() - began < QUIET_MS; await pause(POLL_MS)) {
    waits = await whatWaits(server);
    const now = await newestBuild(server);
    if (waits.length > 0 || now !== newest) since = null;
    newest = now;
    if (waits.length > 0) continue;
    since ??= performance.now();
    if (performance.now() - since > still) return [];
  }
  return waits.length > 0 ? waits : ['new builds, again and again'];
}
