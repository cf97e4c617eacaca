/** OpenSSH's server, for tests of tunnels. It is never installed, so that no service starts on the user's machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { canInstall, ensurePrograms } from './programs.mjs';
import { root } from './project.mjs';

/** Debian's release of this machine, whose libraries the server uses. */
const suite = () => /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';

/** The folder with the server's files. They are fetched from Debian once and kept below `.test`. Needs root. */
export function ensureOpenSshServer(say) {
  if (!canInstall()) throw new Error("OpenSSH's server is fetched from Debian and started: that needs root.");
  ensurePrograms(['ssh'], say);
  const folder = join(root, '.test/programs/openssh');
  return ensureDebianPackages({ suite: suite(), packages: ['openssh-server', 'libwrap0'], folder, say });
}
