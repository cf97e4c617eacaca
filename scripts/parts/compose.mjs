/** Docker Compose, whose reading of Compose files, and the containers that it makes, are compared with those of Slipway. */
import { join } from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { root } from './project.mjs';

/** Debian's release whose Compose (2.26) says what a Compose file means. */
const suite = 'trixie';

/** Path of the program. It is fetched from Debian once and kept below `.test`. */
export function ensureCompose(say) {
  const folder = join(root, '.test/programs/compose');
  const tree = ensureDebianPackages({ suite, packages: ['docker-compose'], folder, say });
  return join(tree, 'usr/libexec/docker/cli-plugins/docker-compose');
}
