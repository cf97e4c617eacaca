/** HAProxy, for the demo and for tests of balancers. It is never installed, so that no service starts on the user's machine. */
import { join } from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { root } from './project.mjs';

/** What it needs beyond the libraries that every Debian machine has. */
const libraries = ['liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1', 'libpcre2-8-0'];

/** The folder with the program's files. They are fetched from Debian once and kept below `.test`. */
export function ensureHaproxy(say) {
  const folder = join(root, '.test/programs/haproxy');
  return ensureDebianPackages({ suite: 'bookworm', packages: ['haproxy', ...libraries], folder, say });
}

/** The program in that folder, and where its libraries are. */
export function haproxyIn(tree) {
  const library = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return { file: join(tree, 'usr/sbin/haproxy'), libraries: join(tree, 'usr/lib', library) };
}
