/** What is got ready for a build while others run. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dockerfile, useGitStage, type FakeStage } from '../../support/fake-stage.js';

const open = useGitStage();
const run = promisify(execFile);
const services = { app: { repository: 'abc/app' }, other: { repository: 'abc/other' } };
const config = { engine: { concurrency: 1 } };

/** Whether the mirror has what the file holds, without asking the host for it. */
async function mirrored({ slipway }: FakeStage, repository: string, path: string): Promise<boolean> {
  const mirror = join(slipway.folder, 'data/mirrors', `${repository}.git`);
  return run('git', ['--git-dir', mirror, 'cat-file', '-e', `main:${path}`]).then(
    () => true,
    () => false,
  );
}

async function waitingStage(files: Readonly<Record<string, string>>) {
  const stage = await open({ services, config });
  const other = await stage.repoOf('abc/other');
  stage.hold();
  await stage.underway(await stage.push({ 'docker/Dockerfile': dockerfile, 'src/a.txt': '1' }));
  const after = await other.commit({ files });
  const queued = await stage.slipway.push('abc/other', 'main', { after });
  return { stage, queued };
}

test('what the next build reads is in the mirror before its turn', async () => {
  const { stage, queued } = await waitingStage({ 'docker/Dockerfile': dockerfile, 'src/b.txt': 'far away' });
  await stage.until('the source to be there', () => mirrored(stage, 'abc/other', 'src/b.txt'));
  expect((await stage.builds()).map(({ status }) => status)).toEqual(['running', 'queued']);
  await stage.release();
  expect(await stage.ended(queued)).toMatchObject({ status: 'succeeded' });
});

test('a build that cannot be got ready fails at its turn, not before', async () => {
  const { stage, queued } = await waitingStage({ 'src/b.txt': 'no Dockerfile' });
  expect((await stage.builds()).map(({ status }) => status)).toEqual(['running', 'queued']);
  await stage.release();
  expect(await stage.ended(queued)).toMatchObject({ status: 'failed', error: { code: 'dockerfile-not-found' } });
});
