/** Brings the clone into a state in which it can be run: npm packages as locked, and the compiled program. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
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

/** Installs the npm packages of package-lock.json unless they are there. npm leaves a lock file of its own when it is done. */
export function ensureInstalled(say) {
  if (changedAt(join(root, 'node_modules/.package-lock.json')) >= changedAt(join(root, 'package-lock.json'))) return;
  say('Installing npm packages (npm ci).');
  npm(['ci']);
}

/** Compiles the program unless what is compiled is newer than its source. */
export function ensureBuilt(say) {
  const compiled = changedAt(join(root, 'dist/cli.js'));
  const written = Math.max(newestBelow(join(root, 'src')), changedAt(join(root, 'tsconfig.build.json')));
  if (compiled > written) return;
  say('Compiling (npm run build).');
  npm(['run', 'build']);
}
