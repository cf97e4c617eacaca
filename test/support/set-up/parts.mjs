/** What tests of several files share. Each part is started once a run, by the first project that needs it, and ends with the run. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileWorker } from './compile-worker.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = fileURLToPath(new URL('git-process.mjs', import.meta.url));

/** The programs of the reading threads and of the sandbox tests, compiled. */
export function compileThreads() {
  if (process.env.TEST_READING_WORKER !== undefined) return;
  // Below the project, where packages are found. `npm test` removes what a killed run left.
  const folder = join(root, '.test', String(process.pid));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const compiled = (main) => pathToFileURL(compileWorker(root, main, folder)).href;
  process.env.TEST_READING_WORKER = compiled('src/reading/worker.ts');
  process.env.TEST_TRIAL_WORKER = compiled('test/support/trial-worker.ts');
}

/** One process that starts git's programs for every test (git-process.mjs). */
export async function startGitServer() {
  if (process.env.TEST_GIT_SERVER !== undefined) return;
  const child = fork(program, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ url, socket }] = await once(child, 'message');
  process.env.TEST_GIT_SERVER = url;
  process.env.TEST_GIT_SOCKET = socket;
  // It ends when this process does.
  child.unref();
  child.channel.unref();
}
