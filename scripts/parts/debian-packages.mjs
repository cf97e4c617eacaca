/**
 * Programs out of packages of another Debian release. They are unpacked below a folder and never installed: apt-get is given lists, caches
 * and a status of its own, so it does not see what the machine has.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.mjs';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

function run(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  const said = `${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n');
  throw new Error(`${program} ${args.at(-1)} failed:\n${said}`);
}

/** Options that keep apt-get away from the machine's sources, lists and packages. How it reaches a mirror stays the machine's. */
function aptOptions(folder, suite) {
  for (const name of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(
    join(folder, 'sources.list'),
    `deb [signed-by=${keyring}] http://deb.debian.org/debian ${suite} main\n`,
  );
  return [
    `Dir::State=${folder}/state`,
    `Dir::State::status=${folder}/status`,
    `Dir::Cache=${folder}/cache`,
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    'Acquire::Languages=none',
    // A mirror that stands still serves signed packages too.
    'Acquire::Check-Valid-Until=false',
  ].flatMap((option) => ['-o', option]);
}

/** Fetches packages of `suite`, without what they depend on, and unpacks them to `folder`/tree. */
function unpack(suite, packages, folder) {
  const options = aptOptions(join(folder, 'apt'), suite);
  const archives = join(folder, 'apt/cache/archives');
  run('apt-get', ['-q', ...options, 'update']);
  run('apt-get', ['-q', ...options, 'download', ...packages], archives);
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  for (const name of readdirSync(archives).filter((one) => one.endsWith('.deb'))) {
    run('dpkg-deb', ['--extract', join(archives, name), tree]);
  }
  rmSync(join(folder, 'apt'), { recursive: true });
  writeFileSync(join(folder, 'suite'), suite);
}

/**
 * The folder with the files of some packages, below `folder`. They are fetched unless they are there.
 *
 * @param {{ suite: string, packages: readonly string[], folder: string, say: (line: string) => void }} wanted
 */
export function ensureDebianPackages({ suite, packages, folder, say }) {
  const mark = join(folder, 'suite');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== suite) {
    if (findProgram('apt-get') === null || findProgram('dpkg-deb') === null || !existsSync(keyring)) {
      throw new Error(`${packages.join(', ')} of Debian ${suite}: that needs apt-get, dpkg-deb and ${keyring}.`);
    }
    say(`Fetching ${packages.join(', ')} from Debian ${suite}.`);
    const unfinished = `${folder}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    try {
      unpack(suite, packages, unfinished);
      rmSync(folder, { recursive: true, force: true });
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return join(folder, 'tree');
}
