/** Tags that a branch moves besides its own, and branches without one. */
import { useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const app = { repository: 'abc/app', branches: ['main', 'release/*', 'latest'], version: { value: '1.0' } };

test('without branchTag an image has its version tag alone, and further builds go on', async () => {
  const stage = await open({ services: { app: { ...app, branchTag: false } } });
  await stage.begin();
  await stage.push({ 'src/a.txt': '2' });
  await stage.slipway.quiet();
  const builds = await stage.builds();
  expect(builds.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  expect(builds.map(({ image }) => image?.tags.length)).toEqual([1, 1]);
  expect(Object.keys(stage.fakes.fake.state('app'))).not.toContain('main');
});

test('extra tags move with the head of their branch and with no other', async () => {
  const stage = await open({ services: { app: { ...app, extraTags: { main: ['stable', 'edge'] } } } });
  await stage.begin();
  await stage.repo.branch('release/1', await stage.tip());
  await stage.push({ 'src/a.txt': '2' }, { branch: 'release/1' });
  await stage.slipway.quiet();
  const tags = () => stage.fakes.fake.state('app');
  expect(tags()['stable']).toBe(tags()['main']);
  expect(tags()['edge']).toBe(tags()['main']);
  expect(tags()['stable']).not.toBe(tags()['release-1']);
  const before = tags()['stable'];
  await stage.push({ 'src/a.txt': '3' });
  await stage.slipway.quiet();
  expect(tags()['stable']).toBe(tags()['main']);
  expect(tags()['stable']).not.toBe(before);
  expect((await stage.builds()).at(-1)?.image?.tags.slice(1)).toEqual(['main', 'stable', 'edge']);
});

test('an extra tag is not taken from the branch that has it as its own', async () => {
  const stage = await open({ services: { app: { ...app, extraTags: { main: ['latest'] } } } });
  await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY . /\n' } });
  await stage.repo.branch('latest', await stage.tip());
  await stage.deliver('latest');
  await stage.slipway.quiet();
  await stage.push({ 'src/a.txt': '2' });
  await stage.slipway.quiet();
  const build = (await stage.builds()).at(-1);
  expect(build?.image?.tags.slice(1)).toEqual(['main']);
  expect(await stage.slipway.logOf(build?.id ?? null)).toContain('it belongs to the branch latest');
});

test('what stands on an extra tag is built again when that moves', async () => {
  const base = { ...app, path: 'base', extraTags: { main: ['latest'] } };
  const stage = await open({ services: { base, top: { ...app, path: 'top' } } });
  await stage.begin({
    'base/Dockerfile': 'FROM scratch\nCOPY . /\n',
    'base/a': '1',
    'top/Dockerfile': 'FROM registry.test:5000/base:latest\nCOPY . /\n',
  });
  const before = (await stage.builds()).length;
  await stage.push({ 'base/a': '2' });
  await stage.slipway.quiet();
  const after = (await stage.builds()).slice(before);
  expect(after.map(({ service }) => service)).toEqual(['base', 'top']);
  expect(after[1]?.trigger.kind).toBe('base-image');
});
