/** The demo's git host as its developers see it: working copies, commits, pushes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const zero = '0'.repeat(40);

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Dana Developer',
  GIT_AUTHOR_EMAIL: 'dana@abc.example',
  GIT_COMMITTER_NAME: 'Dana Developer',
  GIT_COMMITTER_EMAIL: 'dana@abc.example',
  NO_PROXY: '127.0.0.1',
  no_proxy: '127.0.0.1',
};

const git = (folder, ...args) =>
  execFileSync('git', args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

/**
 * Makes an empty repository `owner/name` on the host, and a working copy. `push(files, message)` commits the files and pushes them to
 * `main` over HTTP; it returns the push as a webhook would tell it.
 */
export function createRepository({ hosted, work, url }, name) {
  const bare = join(hosted, `${name}.git`);
  const copy = join(work, name);
  for (const folder of [bare, copy]) mkdirSync(folder, { recursive: true });
  git(bare, 'init', '--quiet', '--bare', '--initial-branch=main');
  git(copy, 'init', '--quiet', '--initial-branch=main');
  git(copy, 'remote', 'add', 'origin', `${url}/${name}.git`);
  let tip = zero;
  return {
    name,
    push(files, message) {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(copy, path)), { recursive: true });
        writeFileSync(join(copy, path), content);
      }
      git(copy, 'add', '--all');
      git(copy, 'commit', '--quiet', '--message', message);
      git(copy, 'push', '--quiet', 'origin', 'main');
      const before = tip;
      tip = git(copy, 'rev-parse', 'HEAD');
      return { repository: name, before, after: tip, message };
    },
  };
}
