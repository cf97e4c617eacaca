/** Jenkins' call that comes twice with one Idempotency-Key. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { useFakeStage } from '../../support/fake-stage.js';
import { callFromJenkins } from '../../support/jenkins.js';
import { TOKEN } from '../../support/slipway.js';

const open = useFakeStage();

test('calls that come at once lead to one build and one kept file', async () => {
  const services = { app: { repository: 'abc/app', artifact: 'app.jar', trigger: 'artifact' } };
  const stage = await open({ services });
  await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY app.jar /\n' } });
  const artifact = { name: 'app.jar', content: Buffer.from('bytes') };
  const call = { service: 'app', branch: 'main', artifact };
  const answers = await Promise.all([1, 2, 3].map(() => callFromJenkins(stage.slipway, call, 'job-7')));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(await stage.slipway.ended(answers[0]?.body.id ?? '')).toMatchObject({ status: 'succeeded' });
  expect(await stage.builds()).toHaveLength(1);
  const kept = await readdir(join(stage.slipway.folder, 'data', 'artifacts'), { recursive: true, withFileTypes: true });
  expect(kept.filter((entry) => entry.isFile())).toHaveLength(1);
});

test('a call that was refused leaves its key to the one that is put right', async () => {
  const services = { app: { repository: 'abc/app', artifact: 'app.jar', trigger: 'artifact' } };
  const stage = await open({ services });
  const head = await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY app.jar /\n' } });
  const artifact = { name: 'app.jar', content: Buffer.from('bytes') };
  const send = (branch: string, commit: string) =>
    callFromJenkins(stage.slipway, { service: 'app', branch, commit, artifact }, 'job-8');
  expect(await send('mian', head)).toMatchObject({ status: 422, body: { code: 'unknown-revision' } });
  expect(await send('main', 'f'.repeat(40))).toMatchObject({ status: 422, body: { code: 'unknown-revision' } });
  const { status, body } = await send('main', head);
  expect(status).toBe(202);
  expect(await send('main', head)).toMatchObject({ status: 202, body: { id: body.id } });
  expect(await send('mian', head)).toMatchObject({ status: 422, body: { code: 'unknown-revision' } });
  expect(await send('main', head.slice(0, 12))).toMatchObject({ status: 409, body: { code: 'idempotency-conflict' } });
});

test('a call that was answered with a build under way is answered with it again when that is over', async () => {
  const stage = await open();
  await stage.begin();
  stage.hold();
  const id = await stage.underway(await stage.push({ 'src/a.txt': '2' }));
  const call = async () => {
    const answer = await stage.slipway.running.app.inject({
      method: 'POST',
      url: '/api/v1/builds',
      headers: { authorization: `Bearer ${TOKEN}`, 'idempotency-key': 'job-9' },
      payload: { service: 'app' },
    });
    return [answer.statusCode, answer.json().id];
  };
  expect(await call()).toEqual([202, id]);
  stage.fakes.engine.fail('build', 'dockerfile-step-failed');
  await stage.release();
  expect(await call()).toEqual([202, id]);
  expect(await stage.builds()).toHaveLength(2);
});

test('a call that comes again when its branch is gone is answered as before', async () => {
  const services = { app: { repository: 'abc/app', artifact: 'app.jar', branches: ['main', 'topic'] } };
  const stage = await open({ services });
  await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY app.jar /\n' }, branch: 'topic' });
  const artifact = { name: 'app.jar', content: Buffer.from('bytes') };
  const send = () => callFromJenkins(stage.slipway, { service: 'app', branch: 'topic', artifact }, 'job-10');
  const { body } = await send();
  await stage.slipway.ended(body.id);
  await stage.repo.deleteBranch('topic');
  expect(await send()).toMatchObject({ status: 202, body: { id: body.id, status: 'succeeded' } });
  const kept = await readdir(join(stage.slipway.folder, 'data', 'artifacts'));
  expect(kept).toHaveLength(1);
});
