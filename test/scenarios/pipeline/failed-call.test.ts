/** A call with an artifact that fails after its artifact was recorded. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../support/app.js';
import { TOKEN } from '../../support/slipway.js';
import { useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

test('an artifact that is on record keeps its file, though no build could be queued for it', async () => {
  const services = { app: { repository: 'abc/app', artifact: 'app.jar', trigger: 'artifact' } };
  const stage = await open({ services, config: { dockerfiles: { repository: 'abc/nowhere' } } });
  await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY app.jar /\n' } });
  const part = (head: string, content: string) =>
    `--x\r\ncontent-disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
  const { app, store } = stage.slipway.running;
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/builds',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'multipart/form-data; boundary=x' },
    payload: `${part('name="service"', 'app')}${part('name="artifact"; filename="app.jar"', 'bytes')}--x--\r\n`,
  });
  expect([answer.statusCode, answer.json().code]).toEqual([502, 'git-unauthorized']);
  const artifact = must(await store.artifacts.ofCommit('app', must(await stage.repo.tip('main'))));
  await access(join(stage.slipway.folder, 'data', artifact.file));
});
