/**
 * `npm run bench -- NAME`: one of the benchmarks in bench/. JSON goes to stdout, a table to stderr. BENCH_RUNS=1 for a quick trial; the
 * medians of docs/benchmarks.md are of 7 runs or more.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './parts.mjs';

const say = (line) => console.error(line);
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

/** A signal goes to the whole group, from the terminal; this process only waits for the benchmark to have tidied up. */
function run(name) {
  const loader = join(root, 'test/support/ts-loader.mjs');
  const args = ['--expose-gc', '--no-warnings', '--import', loader, join(root, 'bench', `${name}.ts`)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

const [name] = process.argv.slice(2);
if (!names.includes(name)) {
  say(`npm run bench -- NAME, with NAME one of: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  try {
    ensureInstalled(say);
    ensureBuilt(say);
    process.exitCode = await run(name);
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
}
