/**
 * Packages of a Debian release, unpacked below a folder and never installed. apt-get is given lists and caches of its own. For another release
 * than the machine's it also gets a status of its own, so it does not see what the machine has.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.mjs';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** As `suite`: the machine's own release. Of the dependencies, only those that are not installed are fetched. */
export const ownRelease = 'of this machine';

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

/** The mirror that the machine itself uses. Null if it has none of Debian's. */
function mirror() {
  if (findProgram('apt-get') === null) return null;
  const sites = run('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages']).split('\n');
  return sites.find((site) => /\/debian\/?$/.test(site)) ?? null;
}

/** Options that keep apt-get away from the machine's lists and packages. How it reaches a mirror stays the machine's. */
function aptOptions(folder, suite, site) {
  for (const name of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const options = [
    `Dir::State=${folder}/state`,
    `Dir::Cache=${folder}/cache`,
    'Acquire::Languages=none',
    // A mirror that stands still serves signed packages too.
    'Acquire::Check-Valid-Until=false',
    ...(suite === ownRelease ? [] : otherRelease(folder, suite, site)),
  ];
  return options.flatMap((option) => ['-o', option]);
}

/** Options that hide the machine's sources and installed packages, too. */
function otherRelease(folder, suite, site) {
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'sources.list'), `deb [signed-by=${keyring}] ${site} ${suite} main\n`);
  return [
    `Dir::State::status=${folder}/status`,
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
  ];
}

/** What apt-get would install of a package; `none` if the release does not have it. */
const candidate = (options, name) =>
  /^ *Candidate: (\S+)$/m.exec(run('apt-cache', [...options, 'policy', name]))?.[1] ?? 'none';

function unpack({ suite, packages, withDependencies, check }, folder, site) {
  const options = aptOptions(join(folder, 'apt'), suite, site);
  const archives = join(folder, 'apt/cache/archives');
  run('apt-get', ['-q', ...options, 'update']);
  const version = candidate(options, packages[0]);
  check(version);
  const install = ['--yes', '--download-only', '--no-install-recommends', 'install'];
  run('apt-get', ['-q', ...options, ...(withDependencies ? install : ['download']), ...packages], archives);
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  for (const name of readdirSync(archives).filter((one) => one.endsWith('.deb'))) {
    run('dpkg-deb', ['--extract', join(archives, name), tree]);
  }
  rmSync(join(folder, 'apt'), { recursive: true });
  writeFileSync(join(folder, 'version'), version);
}

/**
 * The folder with the files of some packages, below `folder`. They are fetched unless they are there: `folder`/version has the version of the
 * first one. `check` may refuse that version by throwing. Needs a Debian machine, and root for `withDependencies`. `suite` is a release of
 * Debian, or `ownRelease`.
 *
 * @param {{ suite: string, packages: readonly string[], withDependencies?: boolean, check?: (version: string) => void,
 *   folder: string, say: (line: string) => void }} wanted
 */
export function ensureDebianPackages({ folder, say, withDependencies = false, check = () => undefined, ...wanted }) {
  const release = wanted.suite === ownRelease ? 'the release of this machine' : `Debian ${wanted.suite}`;
  const names = `${wanted.packages.join(', ')} of ${release}`;
  if (!existsSync(join(folder, 'version'))) {
    const site = mirror();
    if (site === null || findProgram('dpkg-deb') === null || !existsSync(keyring)) {
      throw new Error(`${names}: that needs a Debian machine with apt-get, dpkg-deb and ${keyring}.`);
    }
    say(`Fetching ${names}.`);
    const unfinished = `${folder}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    try {
      unpack({ ...wanted, withDependencies, check }, unfinished, site);
      rmSync(folder, { recursive: true, force: true });
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return join(folder, 'tree');
}
