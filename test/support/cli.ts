import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Cli {
  /** Runs `slipway` in a process of its own, as a shell would; resolves when it has ended. */
  (...args: readonly string[]): Promise<CliResult>;
  /** Begins to run it; resolves at once. */
  start(...args: readonly string[]): RunningCli;
}

export interface RunningCli {
  signal(name: NodeJS.Signals): void;
  /** Resolves with all that it has printed when the text is there (again, after what was waited for before). */
  until(text: string): Promise<string>;
  readonly ended: Promise<CliResult>;
}

/** Compiles the program once for a test file. `environment` is added to that of the tests. */
export function useCli(environment: Readonly<Record<string, string>> = {}): Cli {
  let folder = '';
  beforeAll(async () => {
    folder = await compiled();
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const start = (...args: readonly string[]) => begin(join(folder, 'dist/cli.js'), args, environment);
  return Object.assign((...args: readonly string[]) => start(...args).ended, { start });
}

async function compiled(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  for (const file of await readdir(join(root, 'src'), { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const { code } = await transform(await readFile(join(root, 'src', file), 'utf8'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    const target = join(folder, 'dist', file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }
  return folder;
}

function begin(program: string, args: readonly string[], more: Readonly<Record<string, string>>): RunningCli {
  const env = { ...process.env, ...more };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, seen] = ['', '', 0];
  const printed = new EventEmitter();
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    printed.emit('more');
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    ended,
    signal: (name) => void child.kill(name),
    async until(text) {
      const gone = ended.then(() => Promise.reject(new Error(`it ended before ${text}: ${stdout}${stderr}`)));
      while (!stdout.includes(text, seen)) await Promise.race([once(printed, 'more'), gone]);
      gone.catch(() => undefined);
      seen = stdout.indexOf(text, seen) + text.length;
      return stdout;
    },
  };
}
