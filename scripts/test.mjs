/**
 * `npm test`: installs what is missing, starts a private Docker Engine where none answers, and runs every test on real parts. What
 * follows `--` goes to Jest. The last line counts: `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  createCleanup,
  engineClient,
  ensureBaseImage,
  ensureBuilt,
  ensureEngine,
  ensureInstalled,
  ensurePrograms,
  removePrivateEngine,
  root,
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

/** Runs that were killed leave their folder, named after their process: its engine, if any, and the folder go. */
async function removeDeadRuns() {
  for (const name of existsSync(runs) ? readdirSync(runs) : []) {
    if (isAlive(Number(name))) continue;
    await removePrivateEngine(join(runs, name));
    rmSync(join(runs, name), { recursive: true, force: true });
  }
}

/**
 * Jest's exit code. It is not waited for what a test left open. A signal to this process ends Jest, and cleaning up waits until it has
 * ended.
 */
function runJest(dockerHost, results, cleanup) {
  const jest = [
    ...['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')],
    ...['--maxWorkers=2', '--forceExit', '--json', `--outputFile=${results}`],
    ...process.argv.slice(2),
  ];
  const child = spawn(process.execPath, jest, {
    cwd: root,
    env: { ...process.env, DOCKER_HOST: dockerHost },
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  cleanup.add(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return ended;
}

/** Jest's own count; a test file that could not be loaded is a failure too. */
function closingLine(results) {
  if (!existsSync(results)) return 'Jest ended before it had a result.';
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
}

async function main(cleanup) {
  await removeDeadRuns();
  const dir = join(runs, String(process.pid));
  mkdirSync(dir, { recursive: true });
  cleanup.add(() => rmSync(dir, { recursive: true, force: true }));
  ensurePrograms(['git', 'docker-registry', 'busybox'], say);
  ensureInstalled(say);
  ensureBuilt(say);
  const engine = await ensureEngine({ dir, say });
  cleanup.add(engine.stop);
  if (await ensureBaseImage(engine.dockerHost, baseImage)) {
    cleanup.add(() => engineClient(engine.dockerHost).send('DELETE', `/images/${baseImage}?force=true`));
  }
  const results = join(dir, 'results.json');
  const code = await runJest(engine.dockerHost, results, cleanup);
  return { code, last: closingLine(results) };
}

const cleanup = createCleanup(say);
try {
  const { code, last } = await main(cleanup);
  await cleanup.run();
  process.exitCode = code;
  if (!cleanup.interrupted()) say(last);
} catch (error) {
  await cleanup.run();
  process.exitCode = 1;
  say(error.message);
}
