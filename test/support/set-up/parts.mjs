/**
 * Before all tests: the program of the reading threads, compiled once, and one small process that starts git's server programs for every test's git host. A process that Jest has filled would
 * need 20 ms for each, three times as long, since all its page tables are copied (fork(2)), and does nothing else meanwhile.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileWorker } from './compile-worker.mjs';

const program = fileURLToPath(new URL('../../scripts/serve-git.mjs', import.meta.url));

const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function setUp() {
  // Below the project, where packages are found. `npm test` removes what a killed run left.
  const folder = join(root, '.test', String(process.pid));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const compiled = (main) => pathToFileURL(compileWorker(root, main, folder)).href;
  process.env.TEST_READING_WORKER = compiled('src/reading/worker.ts');
  process.env.TEST_TRIAL_WORKER = compiled('test/support/trial-worker.ts');
  const child = fork(program, [tmpdir(), '0'], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [url] = await once(child, 'message');
  process.env.TEST_GIT_SERVER = url;
  // It ends when this process does.
  child.unref();
  child.channel.unref();
}
