/** Brings the clone into a state in which it can be run: npm packages as locked, and the compiled program. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** The newest change of a file below a folder; 0 for an empty one. */
function newestBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(
    0,
    ...entries
      .filter((entry) => entry.isFile())
      .map((entry) => changedAt(join(entry.parentPath ?? entry.path, entry.name))),
  );
}

/** npm talks a lot; what it said is shown where it failed. `npm_*` variables of an outer `npm run` would change what an inner one does. */
function npm(args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command)/.test(name)),
  );
  const result = spawnSync('npm', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`.trimEnd());
}

/** The packages of a lock file by their place; none where there is no file. */
function packagesOf(file) {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).packages ?? {}) : {};
}

/**
 * Whether the npm packages of a folder's package-lock.json are there: npm leaves a lock file of its own when it is done. The contents
 * are compared, not the times: a clone or a checkout gives files a new time without a change. Packages for other machines may be missing;
 * packages for development may be missing if all of them are.
 */
export function isInstalled(folder) {
  const locked = packagesOf(join(folder, 'package-lock.json'));
  const there = packagesOf(join(folder, 'node_modules/.package-lock.json'));
  const forDevelopment = Object.values(there).some(({ dev }) => dev);
  const fits = ([place, { version, resolved, integrity, optional, devOptional, dev }]) => {
    const found = there[place];
    if (!found) return optional || devOptional || (dev && !forDevelopment);
    return found.version === version && found.resolved === resolved && found.integrity === integrity;
  };
  const own = Object.entries(locked).filter(([place]) => place !== '');
  return existsSync(join(folder, 'node_modules')) && own.every(fits);
}

/** Installs the npm packages of package-lock.json unless they are there. */
export function ensureInstalled(say) {
  if (isInstalled(root)) return;
  say('Installing npm packages (npm ci).');
  npm(['ci']);
}

/** Compiles the program and its pages unless what is compiled is newer than its source. */
export function ensureBuilt(say) {
  const compiled = Math.min(changedAt(join(root, 'dist/cli.js')), changedAt(join(root, 'dist/ui/index.html')));
  const folders = ['src', 'ui'].map((folder) => newestBelow(join(root, folder)));
  const written = Math.max(...folders, changedAt(join(root, 'tsconfig.build.json')));
  if (compiled > written) return;
  say('Compiling (npm run build).');
  npm(['run', 'build']);
}
