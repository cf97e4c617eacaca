/**
 * Before all tests: one small process that starts git's server programs for every test's git host. A process that Jest has filled would
 * need 20 ms for each, three times as long, since all its page tables are copied (fork(2)), and does nothing else meanwhile.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../scripts/serve-git.mjs', import.meta.url));

export default async function setUp() {
  const child = fork(program, [tmpdir(), '0'], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [url] = await once(child, 'message');
  process.env.TEST_GIT_SERVER = url;
  // It ends when this process does.
  child.unref();
  child.channel.unref();
}
