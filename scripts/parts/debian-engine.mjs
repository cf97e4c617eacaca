/** Another Docker Engine than the machine's, with the libraries that it needs, out of Debian's packages. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { canInstall } from './programs.mjs';

/** Major version → Debian's suite that carries it. */
const suites = { 28: 'sid' };

const packages = ['docker.io', 'docker-cli', 'docker-buildx'];

/** The versions that are available. */
export const debianEngines = Object.keys(suites);

/**
 * The programs of Docker Engine `version` (a major one) below `folder`, fetched unless they are there. Needs root on Debian. `usr` takes the
 * place of the engine's /usr; `client` and `clientSettings` are Docker's client and its DOCKER_CONFIG.
 *
 * @returns {{ version: string, usr: string, client: string, clientSettings: string }}
 */
export function ensureDebianEngine({ version, folder, say }) {
  const suite = suites[version];
  if (!canInstall()) throw new Error(`Docker Engine ${version} is fetched from Debian: that needs root.`);
  const check = (found) => {
    if (found.startsWith(`${version}.`)) return;
    throw new Error(`Debian ${suite} has no Docker Engine ${version} any more; its docker.io is ${found}.`);
  };
  const usr = join(ensureDebianPackages({ suite, packages, withDependencies: true, check, folder, say }), 'usr');
  const clientSettings = join(folder, 'client');
  // The client looks for its plug-ins in its own folder first.
  if (!existsSync(clientSettings)) {
    mkdirSync(clientSettings);
    symlinkSync('../tree/usr/libexec/docker/cli-plugins', join(clientSettings, 'cli-plugins'));
  }
  return {
    version: readFileSync(join(folder, 'version'), 'utf8'),
    usr,
    client: join(usr, 'bin/docker'),
    clientSettings,
  };
}
