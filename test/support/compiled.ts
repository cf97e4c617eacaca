/** The compiled program as a child process, for what only a process of its own can show: signals, locks, exit codes. */
import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, root } from '../../scripts/parts.mjs';

export interface CompiledSlipway {
  /** `cli.js` of a copy of its own, so that test files that run side by side do not disturb each other. */
  readonly cli: string;
  remove(): void;
}

export function compileSlipway(): CompiledSlipway {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-compiled-'));
  // It compiles only what is older than its source.
  ensureBuilt(() => undefined);
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  // The program reads its version from it.
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  if (!existsSync(join(folder, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { cli: join(folder, 'dist/cli.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ServerProcess {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Starts `slipway serve`; resolves when it listens, and fails with all that it said where it ends before that. */
export function serve(cli: string, config: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [cli, 'serve', '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const address = /"address":"([^"]+)"/.exec(said)?.[1];
      if (address === undefined) return;
      resolve({
        address,
        async kill(signal) {
          child.kill(signal);
          return ended;
        },
      });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then((code) => reject(new Error(`slipway serve ended with ${code}:\n${said}`)));
  });
}

/** Runs the program to its end. */
export function runToEnd(
  cli: string,
  words: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
