/** What Slipway passes to a Dockerfile about its build counts wherever the Dockerfile is read, as it does when it is built. */
import { said, useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const branches = ['main', 'develop'];

test('what is read under the name of the branch is sent, and decides, on that branch alone', async () => {
  const service = { repository: 'abc/app', branches, includedRegions: 'auto' };
  const stage = await open({ services: { app: service } });
  const text = 'FROM scratch\nARG SLIPWAY_BRANCH=main\nCOPY conf/$SLIPWAY_BRANCH* /c/\n';
  await stage.begin({ 'docker/Dockerfile': text, 'conf/main.json': '1', 'conf/develop.json': '1' });
  await stage.repo.branch('develop', await stage.tip());
  const sent = () => stage.fakes.engine.builds.at(-1)?.request.context.entries;
  const paths = () => Array.from({ length: sent()?.length ?? 0 }, (_, at) => sent()?.at(at)?.path);
  expect(paths()).toContain('conf/main.json');
  expect(paths()).not.toContain('conf/develop.json');
  await stage.deliver('develop');
  await stage.slipway.quiet();
  expect(paths()).toContain('conf/develop.json');
  expect(paths()).not.toContain('conf/main.json');
  expect(said(await stage.push({ 'conf/main.json': '2' }, { branch: 'develop' }))).toEqual([
    'skip no-included-path-changed',
  ]);
  expect(said(await stage.push({ 'conf/develop.json': '2' }, { branch: 'develop' }))).toEqual([
    'build included-path-changed',
  ]);
  await stage.slipway.quiet();
});

test('a base image that is named after the branch is the one that is followed', async () => {
  const service = (path: string) => ({ repository: 'abc/app', path, branches });
  const stage = await open({ services: { app: service('app'), base: service('base') } });
  const from = 'ARG SLIPWAY_BRANCH=main\nFROM registry.test:5000/base:$SLIPWAY_BRANCH\nCOPY . /app\n';
  const files = { 'app/Dockerfile': from, 'base/Dockerfile': 'FROM scratch\nCOPY . /base\n', 'base/src': '1' };
  await stage.begin(files);
  await stage.repo.branch('develop', await stage.tip());
  await stage.push({ 'base/src': '2' }, { branch: 'develop' });
  await stage.slipway.quiet();
  const on = async (branch: string) =>
    (await stage.slipway.running.store.builds.baseline('app', branch))?.inputs.bases ?? {};
  const digest = (branch: string) => stage.fakes.fake.state('base')[branch];
  expect(digest('develop')).not.toBe(digest('main'));
  for (const branch of branches)
    expect(await on(branch)).toEqual({ [`registry.test:5000/base:${branch}`]: digest(branch) });
  const before = stage.fakes.engine.builds.length;
  await stage.push({ 'base/src': '3' }, { branch: 'develop' });
  await stage.slipway.quiet();
  const made = stage.fakes.engine.builds.slice(before).map(({ request }) => request.labels['dev.slipway.service']);
  expect(made).toEqual(['base', 'app']);
});
