/** Which image a build may take layers from where the engine has not made them itself. */
import { dockerfile, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const sources = ({ fakes }: FakeStage) => fakes.engine.builds.map(({ request }) => request.cacheFrom);

test('is missing at first, then it is the image behind the branch', async () => {
  const stage = await open();
  await stage.begin();
  await stage.ended(await stage.push({ 'src/a.txt': '2' }));
  expect(sources(stage)).toEqual([null, `${stage.fakes.host}/app:main`]);
});

test('is the newest of the service for a branch that has none', async () => {
  const stage = await open({
    services: { app: { repository: 'abc/app', version: { value: '1.0' }, branches: ['*'] } },
  });
  await stage.begin();
  await stage.ended(await stage.push({ 'docker/Dockerfile': dockerfile, 'src/a.txt': '2' }, { branch: 'other' }));
  expect(sources(stage)).toEqual([null, `${stage.fakes.host}/app:main`]);
});

test('is missing if no cache is wanted', async () => {
  const stage = await open();
  await stage.begin();
  await stage.slipway.post('/rebuild/app', { noCache: true });
  await stage.slipway.quiet();
  expect(sources(stage)).toEqual([null, null]);
});
