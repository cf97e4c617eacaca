/** promtool, for tests of the alert rules. It comes with Debian's Prometheus, which is never installed, so that no service starts. */
import { join } from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { root } from './project.mjs';

/** The program. It is fetched from Debian once and kept below `.test`. */
export function ensurePromtool(say) {
  const folder = join(root, '.test/programs/prometheus');
  const tree = ensureDebianPackages({ suite: 'bookworm', packages: ['prometheus'], folder, say });
  return join(tree, 'usr/bin/promtool');
}
