import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../scripts/serve-git.mjs', import.meta.url));

/** Serves the bare repositories below a folder over HTTP from a process of its own, as a git host is one: what it computes is not Slipway's time. */
export async function serveGit(root: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const child = fork(program, [root, '0'], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
