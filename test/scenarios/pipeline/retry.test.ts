/** Retries of builds whose surroundings have changed since. */
import { callFromJenkins } from '../../support/jenkins.js';
import type { BuildRow } from '../../support/slipway.js';
import { useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const retry = (stage: FakeStage, id: string) =>
  stage.slipway.post<BuildRow & { readonly code?: string }>(`/api/v1/builds/${id}/retry`);

test('a build whose artifact is kept no longer is not retried without it', async () => {
  const services = { app: { repository: 'abc/app', artifact: 'app.jar' } };
  const stage = await open({ services });
  await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY . /\n' } });
  const ids: string[] = [];
  for (const content of ['old', 'new']) {
    const artifact = { name: 'app.jar', content: Buffer.from(content) };
    const { body } = await callFromJenkins(stage.slipway, { service: 'app', branch: 'main', artifact });
    ids.push(body.id);
    await stage.slipway.ended(body.id);
    stage.clock.leap(1_000);
  }
  const [old = '', latest = ''] = ids;
  const { builds, artifacts } = stage.slipway.running.store;
  expect(await artifacts.remove([(await builds.get(old))?.artifactId ?? ''])).toHaveLength(1);
  expect(await retry(stage, old)).toMatchObject({ status: 422, body: { code: 'artifact-missing' } });
  const { body } = await retry(stage, latest);
  expect(await stage.slipway.ended(body.id)).toMatchObject({ status: 'succeeded' });
  expect(stage.fakes.behind('app', 'main')?.files.get('app.jar')).toBe('new');
});

test('a retry of what was the head a moment ago moves no branch tag', async () => {
  const stage = await open();
  await stage.begin();
  const [first] = await stage.builds();
  await stage.repo.commit({ files: { 'src/a.txt': '2' } });
  const { body } = await retry(stage, first?.id ?? '');
  const { image } = await stage.slipway.ended(body.id);
  expect(image?.tags).not.toContain('main');
});

test('a build argument that only a trigger of the base image declares makes another image', async () => {
  const app = { repository: 'abc/app', version: { value: '1.0' } };
  const stage = await open({ services: { app: { ...app, buildArgs: { FOO: '1' } } } });
  stage.fakes.engine.addImage('onbuild:1', 'onbuild', { onbuild: true });
  await stage.begin({ 'docker/Dockerfile': 'FROM onbuild:1\nCOPY src /\n' });
  await stage.slipway.stop();
  await stage.slipway.start({ services: { app: { ...app, buildArgs: { FOO: '2' } } } });
  await stage.slipway.post('/api/v1/builds', { service: 'app' });
  await stage.slipway.quiet();
  expect((await stage.builds()).map(({ outcome }) => outcome)).toEqual(['built', 'built']);
});
