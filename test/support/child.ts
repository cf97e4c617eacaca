import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compileWorker } from './set-up/compile-worker.mjs';

export interface Child {
  /** Lines that it printed so far. */
  readonly lines: readonly string[];
  /** Resolves when `condition` holds of the lines; rejects where the process ends before. */
  until(condition: (lines: readonly string[]) => boolean): Promise<void>;
  /** Resolves with what it printed on its error output when it has ended of its own. */
  end(): Promise<string>;
  /** Writes a line to its input. */
  tell(line: string): void;
  /** SIGKILL: no handler, no cleaning up. Resolves when the process is gone and all it printed is in `lines`. */
  kill(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Below the project, where packages are found. `npm test` removes what a killed run left. */
const folder = join(root, '.test', String(process.pid), 'children');
process.on('exit', () => rmSync(dirname(folder), { recursive: true, force: true }));

/** Programs compiled by this process. A loader would compile the same few hundred files for each child. */
const compiled = new Map<string, string>();

function compile(file: URL): string {
  const known = compiled.get(file.href);
  if (known !== undefined) return known;
  const program = compileWorker(root, relative(root, fileURLToPath(file)), folder);
  compiled.set(file.href, program);
  return program;
}

interface Given {
  /** Options of Node's. */
  readonly options?: readonly string[];
  /** A command that becomes the one that follows it. */
  readonly behind?: readonly string[];
}

/** Runs a TypeScript file in a Node process of its own. */
export function startChild(file: URL, args: readonly string[], { options = [], behind = [] }: Given = {}): Child {
  const [command = '', ...words] = [...behind, globalThis.process.execPath, ...options, compile(file), ...args];
  const process = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  // It may have ended before it reads.
  process.stdin.on('error', () => undefined);
  const lines: string[] = [];
  const errors: string[] = [];
  const reader = createInterface({ input: process.stdout }).on('line', (line) => lines.push(line));
  process.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const closed = once(process, 'close');
  return {
    lines,
    until: (condition) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (condition(lines)) resolve();
        };
        reader.on('line', look);
        void closed.then(() => reject(new Error(`the process ended before: ${errors.join('')}`)));
        look();
      }),
    async end() {
      await closed;
      return errors.join('');
    },
    tell: (line) => void process.stdin.write(`${line}\n`),
    async kill() {
      process.kill('SIGKILL');
      await closed;
    },
  };
}
