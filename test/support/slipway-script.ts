/** slipway.sh of the shared library for Jenkins, in shells that machines have. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../scripts/parts.mjs';
import { until } from './api-client.js';

export interface JenkinsParts {
  readonly groovy: string;
  readonly busybox: string;
  readonly shellcheck: string;
  readonly libraries: string;
}

export function jenkinsParts(): JenkinsParts {
  const given = process.env['TEST_JENKINS_PARTS'];
  if (given === undefined) throw new Error('TEST_JENKINS_PARTS is not set; run the tests of the project `jenkins`.');
  return JSON.parse(given) as JenkinsParts;
}

export const library = join(root, 'examples/jenkins');
export const script = join(library, 'resources/slipway/slipway.sh');

export type Shell = 'dash' | 'bash' | 'busybox';

/** All of them, for tests that run in each. */
export const shells: readonly Shell[] = ['dash', 'bash', 'busybox'];

/** As `exec` takes it. BusyBox brings its own awk, sed, tail and so on. */
function commandOf(shell: Shell): readonly [string, ...string[]] {
  if (shell === 'bash') return ['bash', '--posix'];
  return shell === 'busybox' ? [jenkinsParts().busybox, 'sh'] : ['dash'];
}

export interface ScriptEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningScript {
  readonly ended: Promise<ScriptEnd>;
  /** Resolves when the text is in what it has said on stderr. */
  says(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** To each of its processes, as Jenkins does. */
  signalAll(name: NodeJS.Signals): void;
}

/** Starts the script with these words and nothing in its environment but PATH and `env`. */
export function startScript(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  shell: Shell = 'dash',
): RunningScript {
  const [program, ...before] = commandOf(shell);
  const child = spawn(program, [...before, script, ...words], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('latin1')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('latin1')));
  const utf8 = (text: string) => Buffer.from(text, 'latin1').toString();
  const ended = new Promise<ScriptEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: utf8(stdout), stderr: utf8(stderr) }));
  });
  return {
    ended,
    says: async (text) => void (await until(`the script to say ${text}`, async () => utf8(stderr).includes(text))),
    signal: (name) => void child.kill(name),
    signalAll: (name) => void process.kill(-(child.pid ?? 0), name),
  };
}

/** The lines of a result by their names. */
export const resultOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
