/** Which artifact counts for a head: that of its history, whatever order artifacts came in. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { callFromJenkins } from '../../support/jenkins.js';
import type { BuildRow } from '../../support/slipway.js';
import { dockerfile, said, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const app = {
  repository: 'abc/app',
  version: { value: '1.0' },
  branches: ['**'],
  trigger: 'artifact',
  artifact: 'target/app.jar',
};
const services = { app };

/** Jenkins sends the jar of a commit. Resolves with the ended build. */
async function bring(stage: FakeStage, commit: string, branch = 'main', jar = `jar of ${commit}`): Promise<BuildRow> {
  const artifact = { name: 'app.jar', content: Buffer.from(jar) };
  const { body } = await callFromJenkins(stage.slipway, { service: 'app', branch, commit, artifact });
  const build = await stage.slipway.ended(body.id);
  await stage.slipway.quiet();
  return build;
}

async function rebuild(stage: FakeStage, body: object = {}): Promise<BuildRow> {
  const answer = await stage.slipway.post<BuildRow>('/rebuild/app', body);
  expect(answer.status).toBe(202);
  return stage.slipway.ended(answer.body.id);
}

/** The jar inside the image behind a tag. */
const jarIn = (stage: FakeStage, tag: string): string | undefined =>
  stage.fakes.behind('app', tag)?.files.get('target/app.jar');

/** Two commits, the second with other source, and both with their jars; `late` comes last. */
async function twoCommits(stage: FakeStage, late: 'first' | 'second'): Promise<{ first: string; second: string }> {
  await stage.push({ 'docker/Dockerfile': dockerfile, 'src/A.java': '1' });
  const first = await stage.tip();
  await stage.push({ 'src/A.java': '2' });
  const second = await stage.tip();
  for (const commit of late === 'first' ? [second, first] : [first, second]) await bring(stage, commit);
  return { first, second };
}

describe('an artifact that comes late', () => {
  test('leaves the head its own: a rebuild is of the head, with the jar of the head', async () => {
    const stage = await open({ services });
    const { second } = await twoCommits(stage, 'first');
    const build = await rebuild(stage);
    expect(build).toMatchObject({ commit: second, status: 'succeeded' });
    expect(jarIn(stage, 'main')).toBe(`jar of ${second}`);
    expect(stage.madeFrom('main')).toBe(second);
  });

  test('leaves the head its own: changed packaging is built with the jar of the head', async () => {
    const stage = await open({ services });
    const { second } = await twoCommits(stage, 'first');
    const rows = await stage.push({ 'docker/Dockerfile': `${dockerfile}USER 1\n` });
    expect(said(rows)).toEqual(['build included-path-changed']);
    expect(await stage.ended(rows)).toMatchObject({ status: 'succeeded' });
    expect(jarIn(stage, 'main')).toBe(`jar of ${second}`);
  });

  test('counts for its own commit, where a rebuild names that', async () => {
    const stage = await open({ services });
    const { first } = await twoCommits(stage, 'second');
    const build = await rebuild(stage, { commit: first });
    expect(build).toMatchObject({ commit: first, status: 'succeeded' });
    expect(jarIn(stage, build.image?.tags[0] ?? '')).toBe(`jar of ${first}`);
  });

  test('is the one that counts where it is of the same commit', async () => {
    const stage = await open({ services });
    const { second } = await twoCommits(stage, 'first');
    await bring(stage, second, 'main', 'second jar');
    await rebuild(stage);
    expect(jarIn(stage, 'main')).toBe('second jar');
  });
});

describe('a forced push', () => {
  test('back to a commit with a jar puts the branch tag back to its image, without a build', async () => {
    const stage = await open({ services });
    const { first } = await twoCommits(stage, 'second');
    await stage.repo.forcePush('main', first);
    const rows = await stage.deliver();
    expect(said(rows)).toEqual(['build included-path-changed']);
    expect(await stage.ended(rows)).toMatchObject({ status: 'succeeded', outcome: 'reused', commit: first });
    expect(stage.madeFrom('main')).toBe(first);
    expect(await stage.slipway.get('/api/v1/services/app')).toMatchObject({
      branches: [
        { branch: 'main', head: first, image: { tags: [expect.stringContaining(first.slice(0, 7)), 'main'] } },
      ],
    });
  });

  test('to a commit beside the one with a jar waits for its own', async () => {
    const stage = await open({ services });
    const { first } = await twoCommits(stage, 'second');
    await stage.repo.forcePush('main', first);
    await stage.push({ 'src/B.java': '1' });
    const rows = await stage.deliver();
    expect(said(rows)).toEqual(['skip waiting-for-artifact']);
    expect(rows[0]?.reason.message).toContain(first.slice(0, 7));
  });
});

describe('an artifact that came for another branch', () => {
  test('counts for every branch that has its commit', async () => {
    const stage = await open({ services });
    const { second } = await twoCommits(stage, 'second');
    await stage.repo.branch('release/1', second);
    const rows = await stage.deliver('release/1');
    expect(said(rows)).toEqual(['build first-build']);
    expect(await stage.ended(rows)).toMatchObject({ status: 'succeeded', outcome: 'reused' });
    expect(jarIn(stage, 'release-1')).toBe(`jar of ${second}`);
  });

  test('is taken by a branch that waited for it', async () => {
    const stage = await open({ services });
    await stage.push({ 'docker/Dockerfile': dockerfile, 'src/A.java': '1' });
    const first = await stage.tip();
    await stage.repo.branch('release/1', first);
    expect(said(await stage.deliver('release/1'))).toEqual(['skip waiting-for-artifact']);
    await bring(stage, first);
    expect(jarIn(stage, 'release-1')).toBe(`jar of ${first}`);
  });

  test('does not count for a branch that has not its commit', async () => {
    const stage = await open({ services });
    await stage.push({ 'docker/Dockerfile': dockerfile, 'src/A.java': '1' });
    const first = await stage.tip();
    await stage.repo.commit({ files: { 'src/A.java': 'other' }, branch: 'side', parents: [first] });
    const side = await stage.tip('side');
    await bring(stage, side, 'side');
    expect(said(await stage.deliver())).toEqual(['skip waiting-for-artifact']);
    expect(await rebuild(stage)).toMatchObject({
      commit: first,
      status: 'failed',
      error: { code: 'artifact-missing' },
    });
  });

  test('counts for the merge that brings its source unchanged', async () => {
    const stage = await open({ services });
    const { second } = await twoCommits(stage, 'second');
    const work = { branch: 'work', parents: [second] };
    const feature = await stage.repo.commit({ files: { 'src/A.java': '3' }, ...work });
    await bring(stage, feature, 'work');
    await stage.repo.commit({ files: { 'src/A.java': '3' }, parents: [second, feature] });
    const rows = await stage.deliver();
    expect(said(rows)).toEqual(['build included-path-changed']);
    await stage.ended(rows);
    expect(jarIn(stage, 'main')).toBe(`jar of ${feature}`);
  });
});

describe('after the days that artifacts are kept', () => {
  /** Lets the clean-up come that removes one of the artifacts, and resolves with what is in the folder. */
  const cleaned = async (stage: FakeStage, left: number): Promise<void> => {
    stage.clock.leap(8 * 86_400_000);
    const { folder } = stage.slipway;
    await stage.until('the clean-up', async () => (await readdir(join(folder, 'data', 'artifacts'))).length === left);
    await stage.slipway.quiet();
  };

  test('the one of the head is there, though older ones came later', async () => {
    const stage = await open({ services });
    const { second } = await twoCommits(stage, 'first');
    await cleaned(stage, 1);
    expect(await rebuild(stage)).toMatchObject({ commit: second, status: 'succeeded' });
    expect(jarIn(stage, 'main')).toBe(`jar of ${second}`);
  });

  test('each branch has the one that counts for it, and a branch that is gone has none', async () => {
    const stage = await open({ services: { app: { ...app, includedRegions: ['src/**'] } } });
    const { first, second } = await twoCommits(stage, 'second');
    await bring(stage, first, 'main', 'first again');
    await stage.repo.branch('release/1', first);
    await stage.deliver('release/1');
    await stage.repo.commit({ files: { 'src/A.java': '3' }, branch: 'gone', parents: [first] });
    await bring(stage, await stage.tip('gone'), 'gone');
    await stage.repo.commit({ files: { 'README.md': 'text' }, parents: [second] });
    await stage.repo.deleteBranch('gone');
    await cleaned(stage, 2);
    await rebuild(stage, { branch: 'release/1' });
    expect(jarIn(stage, 'release-1')).toBe('first again');
    const rows = await stage.push({ 'docker/Dockerfile': `${dockerfile}USER 1\n` });
    await stage.ended(rows);
    expect(jarIn(stage, 'main')).toBe(`jar of ${second}`);
  });
});
