/**
 * `npm test`: installs what is missing, starts a private Docker Engine where none answers, and runs every test on real parts. What
 * follows `--` goes to Jest. `--engine` first: only the tests of the engine; then a number, as in `28`, runs them on a private engine of that
 * version from Debian, and `28 containerd` with containerd's image store. Where an engine cannot be had, its tests are left out and named
 * last; with `CI=true` that is a failure. The last line counts: `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureChromium } from './parts/chromium.mjs';
import { ensureCompose } from './parts/compose.mjs';
import { ensureHaproxy } from './parts/haproxy.mjs';
import { ensureJenkinsParts } from './parts/jenkins-parts.mjs';
import { ensureOpenSshServer } from './parts/openssh.mjs';
import { ensurePromtool } from './parts/promtool.mjs';
import { partsOrReason } from './parts/left-out.mjs';
import {
  createCleanup,
  engineClient,
  ensureBaseImage,
  ensureBuilt,
  ensureEngine,
  ensureInstalled,
  ensurePrivateEngines,
  ensurePrograms,
  removePrivateEngine,
  root,
  startOtherEngine,
} from './parts.mjs';

const say = (line) => console.log(line);
const runs = join(root, '.test');

/** What the engine tests build from. */
const baseImage = 'base:1';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs that were killed leave their folder, named after their process: its engines, if any, and the folder go. */
async function removeDeadRuns() {
  for (const name of existsSync(runs) ? readdirSync(runs).filter((one) => /^\d+$/.test(one)) : []) {
    if (isAlive(Number(name))) continue;
    const folder = join(runs, name);
    for (const dir of [folder, ...readdirSync(folder).map((one) => join(folder, one))]) {
      if (existsSync(join(dir, 'engine'))) await removePrivateEngine(dir);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests of the engine wait for it, so more of them run side by side. */
const engineShare = { projects: ['engine'], workers: 3 };
const composeShare = { projects: ['compose'], workers: 2 };
/** Tests of hosts start engines of their own, and wait for those. */
const hostsShare = { projects: ['hosts'], workers: 3 };
const balancerShare = { projects: ['balancer'], workers: 2 };
const pagesShare = { projects: ['pages'], workers: 2 };
const telemetryShare = { projects: ['telemetry'], workers: 1 };
const jenkinsShare = { projects: ['jenkins'], workers: 2 };
const processorShare = { projects: ['unit', 'limits', 'contracts', 'git', 'scenarios', 'docs'], workers: 2 };
const shares = [
  processorShare,
  composeShare,
  hostsShare,
  balancerShare,
  pagesShare,
  telemetryShare,
  jenkinsShare,
  engineShare,
];

const onlyEngine = process.argv[2] === '--engine';
const given = process.argv.slice(onlyEngine ? 3 : 2);
const other = onlyEngine ? otherEngine(given) : null;
const words = given.slice(other === null ? 0 : other.containerd ? 2 : 1);
const saysWorkers = words.some((word) => /^(--maxWorkers|-w|--runInBand|-i)\b/.test(word));

/** The engine that the first words name, or null. */
function otherEngine([version = '', store]) {
  return /^\d+$/.test(version) ? { version, containerd: store === 'containerd' } : null;
}

/** What the tests know of the engine. */
function surroundings(engine) {
  if (engine === null) return {};
  const { dockerHost, version, client, clientSettings } = engine;
  const others = { TEST_ENGINE_VERSION: version, TEST_DOCKER_CLIENT: client, TEST_DOCKER_SETTINGS: clientSettings };
  return { DOCKER_HOST: dockerHost, ...(other !== null && others) };
}

/**
 * Jest's exit code. It is not waited for what a test left open. A signal to this process ends Jest, and cleaning up waits until it has
 * ended.
 */
function runJest({ projects, workers }, engine, results, cleanup) {
  const jest = [
    ...['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')],
    ...['--selectProjects', ...projects, '--passWithNoTests', '--forceExit', '--json', `--outputFile=${results}`],
    ...(saysWorkers ? [] : [`--maxWorkers=${workers}`]),
    ...words,
  ];
  const child = spawn(process.execPath, jest, {
    cwd: root,
    env: { ...process.env, TEST_BASE_IMAGE: baseImage, ...surroundings(engine) },
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  cleanup.add(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return ended;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Jest's own count; a test file that could not be loaded is a failure too. Finding no test at all is one as well. */
function summarise(files) {
  if (!files.every(existsSync)) return { fails: true, lines: ['Jest ended before it had a result.'] };
  const results = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
  if (results.every(({ numTotalTestSuites }) => numTotalTestSuites === 0))
    return { fails: true, lines: [`There is no test for: ${words.join(' ')}`] };
  const passed = sum(results.map(({ numPassedTests }) => numPassedTests));
  const failed = sum(results.map((one) => one.numFailedTests + one.numRuntimeErrorTestSuites));
  const slowest = words.length === 0 ? slowestFiles(results.flatMap(({ testResults }) => testResults)) : [];
  return { fails: failed > 0, lines: [...slowest, `${passed} passed, ${failed} failed`] };
}

function slowestFiles(files) {
  const timed = files.map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }));
  const slowest = timed.sort((a, b) => b.seconds - a.seconds).slice(0, 20);
  const rows = slowest.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${relative(root, name)}`);
  return ['The slowest files:', ...rows];
}

/** What the engine's tests run on: an engine with the base image, and the program of the registry. */
async function engineParts(dir, cleanup) {
  ensurePrograms(['docker-registry', 'busybox'], say);
  const engine = await (other === null
    ? ensureEngine({ dir, say })
    : startOtherEngine({ ...other, dir, programs: join(runs, 'engines'), say }));
  cleanup.add(engine.stop);
  if (await ensureBaseImage(engine.dockerHost, baseImage)) {
    cleanup.add(() => engineClient(engine.dockerHost).send('DELETE', `/images/${baseImage}?force=true`));
  }
  return engine;
}

/** What the tests of hosts run on: engines of their own, and a server for ssh. */
function hostParts() {
  ensurePrivateEngines(say);
  ensureOpenSshServer(say);
}

/** Why tests have to be left out whose parts cannot be had; null if they can, or if nobody asks for them. */
async function reasonToLeaveOut(get) {
  return onlyEngine ? null : (await partsOrReason(async () => get(), { wanted: false })).leftOut;
}

async function main(cleanup) {
  await removeDeadRuns();
  const dir = join(runs, String(process.pid));
  mkdirSync(dir, { recursive: true });
  cleanup.add(() => rmSync(dir, { recursive: true, force: true }));
  ensurePrograms(['git'], say);
  ensureInstalled(say);
  ensureBuilt(say);
  const { parts, leftOut } = await partsOrReason(() => engineParts(dir, cleanup), { wanted: onlyEngine });
  const hosts = await reasonToLeaveOut(() => hostParts());
  const reasons = new Map([
    [engineShare, leftOut],
    [composeShare, await reasonToLeaveOut(() => ensureCompose(say))],
    [hostsShare, hosts],
    // Some of them need hosts, too.
    [balancerShare, (await reasonToLeaveOut(() => ensureHaproxy(say))) ?? hosts],
    [pagesShare, await reasonToLeaveOut(() => ensureChromium(say))],
    [telemetryShare, await reasonToLeaveOut(() => ensurePromtool(say))],
    [jenkinsShare, await reasonToLeaveOut(() => ensureJenkinsParts(say))],
  ]);
  const chosen = (onlyEngine ? [engineShare] : shares).filter((share) => (reasons.get(share) ?? null) === null);
  const files = chosen.map(({ projects: [name] }) => join(dir, `results-${name}.json`));
  const codes = [];
  for (const [at, share] of chosen.entries()) codes.push(await runJest(share, parts, files[at], cleanup));
  const { fails, lines } = summarise(files);
  const missing = [...reasons]
    .filter(([, reason]) => reason !== null)
    .map(([{ projects }, reason]) => `Left out: the tests in test/scenarios/${projects[0]}. ${reason}`);
  return { code: fails ? 1 : Math.max(...codes), lines: lines.toSpliced(-1, 0, ...missing) };
}

const cleanup = createCleanup(say);
try {
  const { code, lines } = await main(cleanup);
  await cleanup.run();
  process.exitCode = code;
  if (!cleanup.interrupted()) lines.forEach(say);
} catch (error) {
  await cleanup.run();
  process.exitCode = 1;
  say(error.message);
}
