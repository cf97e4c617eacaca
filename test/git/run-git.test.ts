/** Commands that do not end as they should. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runGit } from '../../src/git/run-git.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-run-git-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** An environment in which `git` is a shell script. */
async function environmentWith(script: string): Promise<Record<string, string>> {
  const programs = await mkdtemp(join(folder, 'bin-'));
  await writeFile(join(programs, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${programs}:${process.env['PATH'] ?? ''}` };
}

test('a time limit holds where something outlives git, out of its group, and keeps its pipes open', async () => {
  const run = async (rest: string) => {
    const env = await environmentWith(`setsid sleep 30 ${rest} & echo $! >&2; echo done; exit 0`);
    const outcome = await runGit({ args: ['fetch'], env, timeout: 3_000 });
    expect(outcome.complaint).toMatch(/^\d+\n$/);
    process.kill(Number(outcome.complaint));
    expect(outcome).toMatchObject({ code: 0, timedOut: true });
    expect(outcome.stdout.toString()).toBe('done\n');
  };
  await Promise.all(['', '2>/dev/null', '>/dev/null'].map(run));
}, 30_000);

test('a git for which there are no file handles fails, and ends nobody', async () => {
  const [loader, child] = ['../support/ts-loader.mjs', 'crowded-child.ts'].map(
    (file) => new URL(file, import.meta.url),
  );
  const words = [process.execPath, '--import', String(loader), fileURLToPath(child ?? '')];
  const ran = await promisify(execFile)('sh', ['-c', 'ulimit -n 100 && exec "$0" "$@"', ...words]);
  expect(JSON.parse(ran.stdout)).toEqual(['internal', 'internal']);
}, 30_000);
