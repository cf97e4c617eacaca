/** Checks the ledger, what is left over, and that the server says it is well. */
import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { engineClient } from '../parts.mjs';
import { git } from './repositories.mjs';
import { all } from './server.mjs';
import { centralRepository, services, servicesOf } from './world.mjs';

const DAY_S = 86_400;
/** Longest wait for what the cleaning at start removes, in milliseconds. */
const CLEANING_MS = 60_000;

/** Deaths with a look or a build in hand that set it aside. */
export const DEATHS_TO_SET_ASIDE = 3;

/** Asks again for looks that were set aside, as the contract has people do it. Resolves with how many there were. */
export async function replaySetAside({ server, account }) {
  const failed = await all(server, '/api/v1/deliveries?status=failed', 'deliveries');
  const found = failed.filter(({ reason }) => reason?.startsWith('crashed-repeatedly'));
  if (account.kills < DEATHS_TO_SET_ASIDE) return 0;
  for (const { id } of found) {
    const { status, body } = await server.post(`/api/v1/deliveries/${id}/replay`);
    if (status === 202) account.replayed.add(id);
    else account.wrong.push(`replay of ${id}: ${status} ${JSON.stringify(body)}`);
  }
  return found.length;
}

/** What is wrong with an accepted delivery, or null. `isGone`: its branch was deleted at some time, so there may be nothing to decide. */
function wrongDelivery(delivery, push, { isGone, isReplayed }) {
  if (delivery === undefined) return 'is not in the ledger';
  if (isReplayed && delivery.status === 'failed') return null;
  if (isGone && delivery.status === 'ignored' && delivery.reason === 'ref-not-found') return null;
  if (delivery.status !== 'planned') return `has not ended as planned: ${delivery.status}, ${delivery.reason}`;
  if (push.repository === centralRepository || isGone) return null;
  const decided = new Set(delivery.decisions.map(({ service }) => service));
  const missing = servicesOf(push.repository).filter((name) => !decided.has(name));
  return missing.length === 0 ? null : `has no decision for ${missing.join(', ')}`;
}

/** A service may be asked for before the first image of its base is there; the end of that build looks at it again. */
const mayFail = (name, code) =>
  ['dockerfile-step-failed', 'crashed-repeatedly'].includes(code) ||
  (code === 'base-image-not-found' && services[name].standsOn !== undefined);

/** Deliveries that were accepted are there, with an end and decisions. Builds have ended once. Nothing waits. */
export async function checkLedger({ server, account, watch }) {
  const deliveries = await all(server, '/api/v1/deliveries', 'deliveries');
  const byId = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  const wrong = [...watch.changed];
  for (const [id, push] of account.accepted) {
    const isGone = account.deleted.has(`${push.repository} ${push.branch}`);
    const fault = wrongDelivery(byId.get(id), push, { isGone, isReplayed: account.replayed.has(id) });
    if (fault !== null) wrong.push(`delivery ${id} ${fault}`);
  }
  const builds = await all(server, '/api/v1/builds', 'builds');
  const counts = {};
  for (const { id, service, status, outcome, error, finishedAt } of builds) {
    const end = [status, outcome, error?.code].filter(Boolean).join(' ');
    counts[end] = (counts[end] ?? 0) + 1;
    if (finishedAt === null) wrong.push(`build ${id} has no end: ${status}`);
    if (status === 'failed' && !mayFail(service, error.code)) {
      wrong.push(`build ${id} failed: ${error.code}, ${error.message}`);
    }
  }
  return { checked: account.accepted.size + builds.length, counts, wrong };
}

/** `/healthz`, `/readyz` and `/metrics`. */
export async function checkHealth({ server }) {
  const wrong = [];
  const ready = await server.get('/readyz');
  if (ready.status !== 200) wrong.push(`/readyz: ${ready.status} ${JSON.stringify(ready.body)}`);
  if ((await server.get('/healthz')).status !== 200) wrong.push('/healthz does not answer');
  const { status, body } = await server.get('/metrics');
  if (status !== 200) wrong.push(`/metrics: ${status}`);
  for (const state of ['queued', 'running']) {
    const line = String(body)
      .split('\n')
      .find((one) => one.startsWith(`slipway_queue_length{state="${state}"}`));
    if (line?.endsWith(' 0') !== true) wrong.push(`/metrics: ${line ?? `no queue length of ${state}`}`);
  }
  return { checked: 5, counts: {}, wrong };
}

const filesBelow = async (folder) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.map((entry) => ({ path: join(entry.parentPath ?? entry.path, entry.name), isFile: entry.isFile() }));
};

const isHalfPack = (path) => /\/objects\/(pack\/)?(tmp_|\.tmp-|incoming-)[^/]*$/.test(path);
const isTemporary = (path) => /\/mirrors\/\.tmp\/[^/]+$/.test(path) || isHalfPack(path);

async function checkMirrors(dataDir, wrong) {
  const folder = join(dataDir, 'mirrors');
  const found = (await filesBelow(folder)).filter(({ path, isFile }) => isFile && path.endsWith('.git/HEAD'));
  for (const { path } of found) {
    const mirror = path.replace(/\/HEAD$/, '');
    // A mirror is a partial clone: contents that no build has read are not there.
    const quiet = { GIT_NO_LAZY_FETCH: '1', GIT_DIR: mirror };
    await git(
      mirror,
      ['-c', 'remote.origin.promisor=true', 'fsck', '--connectivity-only', '--no-dangling'],
      quiet,
    ).catch((error) => wrong.push(`git fsck of ${mirror}: ${error.stderr ?? error.message}`));
  }
  return found.length;
}

async function checkEngine({ dockerHost }, wrong) {
  const client = engineClient(dockerHost);
  const containers = await client.json('GET', '/containers/json?all=1');
  for (const { Id, State } of containers) wrong.push(`container ${Id.slice(0, 12)} is left: ${State}`);
  const { BuildCache } = await client.json('GET', '/system/df');
  const inUse = (BuildCache ?? []).filter((entry) => entry.InUse);
  if (inUse.length > 0) wrong.push(`${inUse.length} entries of the build cache are in use`);
  const filters = encodeURIComponent(JSON.stringify({ dangling: ['true'] }));
  const dangling = await client.json('GET', `/images/json?filters=${filters}`);
  const foreign = dangling.filter(({ Labels }) => Labels?.['dev.slipway.service'] === undefined);
  if (foreign.length > 0)
    wrong.push(`${foreign.length} dangling images without Slipway's labels, which no rule removes`);
  return dangling.length;
}

/** Makes everything that is left look two days old, so that the rules of cleaning are due. */
async function age(paths) {
  const then = Date.now() / 1_000 - 2 * DAY_S;
  for (const path of paths) await utimes(path, then, then).catch(() => {});
}

async function leftIn(dataDir) {
  const files = await filesBelow(dataDir);
  const uploads = files.filter(({ path, isFile }) => isFile && path.startsWith(join(dataDir, 'artifacts/')));
  const temporary = files.filter(({ path }) => isTemporary(path)).map(({ path }) => path);
  return { temporary, uploads: uploads.map(({ path }) => path) };
}

/** What a fresh start has to clean away, after which nothing is left. The server is stopped and started for it. */
export async function checkLeftovers({ server, stage, account }) {
  const wrong = [];
  await server.stop();
  const before = await leftIn(server.dataDir);
  await age([...before.temporary, ...before.uploads]);
  await server.start();
  let after = before;
  for (const began = performance.now(); performance.now() - began < CLEANING_MS; await pause(500)) {
    after = await leftIn(server.dataDir);
    if (after.temporary.length === 0 && after.uploads.length <= account.artifactCalls) break;
  }
  for (const path of after.temporary) wrong.push(`${path} is left`);
  const { artifactCalls } = account;
  if (after.uploads.length > artifactCalls)
    wrong.push(`${after.uploads.length} uploads of ${artifactCalls} artifacts are left`);
  for (const { path } of await filesBelow(server.temporary)) wrong.push(`${path} is left`);
  const locks = (await filesBelow(join(server.dataDir, 'mirrors'))).filter(({ path }) => path.endsWith('.lock'));
  for (const { path } of locks) {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: null }));
    if (mtimeMs !== null && Date.now() - mtimeMs > 60_000) wrong.push(`${path} is left`);
  }
  const mirrors = await checkMirrors(server.dataDir, wrong);
  const dangling = await checkEngine(stage, wrong);
  const counts = {
    mirrors,
    'left by kills': before.temporary.length,
    'dangling images': dangling,
    uploads: after.uploads.length,
  };
  return { checked: mirrors + 4, counts, wrong };
}
