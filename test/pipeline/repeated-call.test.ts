/** Jenkins' call that comes twice with one Idempotency-Key. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { useFakeStage } from '../support/fake-stage.js';
import { callFromJenkins } from '../support/jenkins.js';

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
