/** Finds the programs that the commands need and, as root on Debian or Ubuntu, installs what is missing. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program → Debian package that brings it. */
const packages = {
  dockerd: 'docker.io',
  'docker-registry': 'docker-registry',
  busybox: 'busybox-static',
  curl: 'curl',
  dash: 'dash',
  git: 'git',
  java: 'default-jre-headless',
  openssl: 'openssl',
  ssh: 'openssh-client',
  webhook: 'webhook',
};

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Full path of a program, or null. Looks into the sbin folders too, which the PATH of a plain login lacks. */
export function findProgram(name, env = process.env) {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return (
    folders
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name))
      .find(isExecutable) ?? null
  );
}

/** Whether packages can be installed here: root, with apt-get. */
export const canInstall = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && findProgram('apt-get') !== null;

function aptGet(args) {
  const result = spawnSync('apt-get', ['-q', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status === 0) return;
  const said = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-12).join('\n');
  throw new Error(`apt-get ${args.join(' ')} failed:\n${said}`);
}

/**
 * Finds the programs. Installs what is missing where that is possible, and says so first. Otherwise fails with what to install.
 */
export function ensurePrograms(names, say) {
  const missing = names.filter((name) => findProgram(name) === null);
  if (missing.length === 0) return;
  const wanted = missing.map((name) => packages[name]);
  if (!canInstall()) {
    throw new Error(
      `Missing here: ${missing.join(', ')}. Install ${wanted.join(', ')} (names of the Debian packages), or run this as root ` +
        'on Debian or Ubuntu, where it is done for you.',
    );
  }
  say(`Installing ${wanted.join(', ')} with apt-get (missing here: ${missing.join(', ')}).`);
  aptGet(['update']);
  aptGet(['install', '--yes', '--no-install-recommends', ...wanted]);
}
