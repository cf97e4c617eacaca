/** Commands that do not end as they should. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SlipwayError } from '../../src/errors.js';
import { runGit } from '../../src/git/process/run-git.js';

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

describe('a git that prints without end', () => {
  const endless = () => environmentWith('exec yes');

  test('is stopped, and fails, where its output is to be short', async () => {
    const ran = runGit({ args: ['log'], env: await endless(), timeout: 60_000 });
    await expect(ran).rejects.toMatchObject({ code: 'repository-too-large' });
  });

  test('is stopped, and is as good as ended, where no more is wanted', async () => {
    let size = 0;
    const begin = () => (chunk: Buffer) => (size += chunk.length) < 100_000;
    const ran = await runGit({ args: ['log'], env: await endless(), timeout: 60_000, begin });
    expect(ran).toMatchObject({ code: 0, timedOut: false });
    expect(size).toBeLessThan(1_000_000);
  });

  test('is stopped, and fails, as that does which takes its output', async () => {
    const begin = () => () => {
      throw new SlipwayError('unsafe-path', 'no');
    };
    const ran = runGit({ args: ['log'], env: await endless(), timeout: 60_000, begin });
    await expect(ran).rejects.toMatchObject({ code: 'unsafe-path' });
  });
});

test('a git for which there are no file handles fails, and ends nobody', async () => {
  const [loader, child] = ['../support/ts-loader.mjs', 'crowded-child.ts'].map(
    (file) => new URL(file, import.meta.url),
  );
  const words = [process.execPath, '--import', String(loader), fileURLToPath(child ?? '')];
  const ran = await promisify(execFile)('sh', ['-c', 'ulimit -n 100 && exec "$0" "$@"', ...words]);
  expect(JSON.parse(ran.stdout)).toEqual(['internal', 'internal']);
}, 30_000);
