/**
 * Another Docker Engine than the machine's, out of Debian's packages. They are unpacked below a folder and never installed: apt-get is
 * given lists, caches and a status of its own, so it does not see what the machine has, and fetches the libraries too.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { canInstall, findProgram } from './programs.mjs';

/** Major version → Debian's suite that carries it. */
const suites = { 28: 'sid' };

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const wanted = ['docker.io', 'docker-cli', 'docker-buildx'];

/** The versions that are available. */
export const debianEngines = Object.keys(suites);

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
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

function unpack(version, folder) {
  const suite = suites[version];
  const options = aptOptions(join(folder, 'apt'), suite);
  run('apt-get', ['-q', ...options, 'update']);
  const found = /^ *Candidate: (\S+)$/m.exec(run('apt-cache', [...options, 'policy', 'docker.io']))?.[1] ?? 'none';
  if (!found.startsWith(`${version}.`)) {
    throw new Error(`Debian ${suite} has no Docker Engine ${version} any more; its docker.io is ${found}.`);
  }
  run('apt-get', ['-q', '--yes', ...options, '--download-only', '--no-install-recommends', 'install', ...wanted]);
  const archives = join(folder, 'apt/cache/archives');
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  for (const name of readdirSync(archives).filter((one) => one.endsWith('.deb'))) {
    run('dpkg-deb', ['--extract', join(archives, name), tree]);
  }
  rmSync(join(folder, 'apt'), { recursive: true });
  // The client looks for its plug-ins in its own folder first.
  mkdirSync(join(folder, 'client'));
  symlinkSync('../tree/usr/libexec/docker/cli-plugins', join(folder, 'client/cli-plugins'));
  writeFileSync(join(folder, 'version'), found);
}

/**
 * The programs of Docker Engine `version` (a major one) below `folder`, fetched unless they are there. Needs root on Debian or Ubuntu.
 * `usr` takes the place of the engine's /usr; `client` and `clientSettings` are Docker's client and its DOCKER_CONFIG.
 *
 * @returns {{ version: string, usr: string, client: string, clientSettings: string }}
 */
export function ensureDebianEngine({ version, folder, say }) {
  if (!existsSync(join(folder, 'version'))) {
    if (!canInstall() || !existsSync(keyring) || findProgram('dpkg-deb') === null) {
      throw new Error(`Docker Engine ${version} is fetched from Debian: that needs root, apt-get and ${keyring}.`);
    }
    say(`Fetching Docker Engine ${version} from Debian ${suites[version]}.`);
    const unfinished = `${folder}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    try {
      unpack(version, unfinished);
      rmSync(folder, { recursive: true, force: true });
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  const usr = join(folder, 'tree/usr');
  return {
    version: readFileSync(join(folder, 'version'), 'utf8'),
    usr,
    client: join(usr, 'bin/docker'),
    clientSettings: join(folder, 'client'),
  };
}
