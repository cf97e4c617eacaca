/** `npm start`: installs and compiles what is missing, then runs the server on config/slipway.yaml (or the file given after `--`). */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './parts.mjs';

const say = (line) => console.error(line);

/** Runs the server in this process' place, as far as Node can: same streams, every signal handed on, its exit code is ours. */
function become(args) {
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

try {
  const config = resolve(process.argv[2] ?? join(root, 'config/slipway.yaml'));
  ensureInstalled(say);
  ensureBuilt(say);
  become([join(root, 'dist/cli.js'), 'serve', '--config', config]);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
