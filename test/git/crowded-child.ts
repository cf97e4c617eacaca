/** A process without a file handle left asks git; prints the result. */
import { openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ProcessPool } from '../../src/git/objects/process-pool.js';
import { Objects } from '../../src/git/objects/objects.js';
import { runGit, startGit } from '../../src/git/process/run-git.js';

const env = { PATH: process.env['PATH'] ?? '' };
const objects = new Objects({ start: (args) => startGit(args, env), patience: 10_000, processes: new ProcessPool(9) });
const fault = (error: { readonly code?: unknown }) => error.code ?? String(error);

function takeAllHandles(): void {
  try {
    for (;;) openSync('/dev/null', 'r');
  } catch {
    // That was the last.
  }
}

takeAllHandles();
const run = await runGit({ args: ['version'], env, timeout: 10_000 }).catch(fault);
const asked = await objects.headers(['a'.repeat(40)]).catch(fault);
// Late events have their chance to end the process.
await setTimeout(100);
process.stdout.write(JSON.stringify([run, asked]));
