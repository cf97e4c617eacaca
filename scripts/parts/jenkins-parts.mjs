/**
 * What the tests of the shared library for Jenkins run on: Groovy as Jenkins has it (2.4), a second shell with its own tools, and ShellCheck.
 * They come from Debian and are never installed. Java is the machine's, installed where that is possible.
 */
import { join } from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { ensurePrograms } from './programs.mjs';
import { root } from './project.mjs';

/** What ShellCheck needs beyond the libraries that every Debian machine has. */
const libraries = ['libffi8', 'libgmp10'];

/** The parts. They are fetched from Debian once and kept below `.test`. */
export function ensureJenkinsParts(say) {
  ensurePrograms(['curl', 'dash', 'java'], say);
  const folder = join(root, '.test/programs/jenkins');
  const packages = ['groovy', 'busybox-static', 'shellcheck', ...libraries];
  const tree = ensureDebianPackages({ suite: 'bookworm', packages, folder, say });
  const library = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return {
    groovy: join(tree, 'usr/share/java/groovy-all.jar'),
    busybox: join(tree, 'bin/busybox'),
    shellcheck: join(tree, 'usr/bin/shellcheck'),
    libraries: join(tree, 'usr/lib', library),
  };
}
