/** A call with an artifact that fails after its artifact was recorded. */
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../support/app.js';
import { TOKEN } from '../../support/slipway.js';
import { useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

const services = { app: { repository: 'abc/app', artifact: 'app.jar', trigger: 'artifact' } };

/** A stage without its central dockerfiles, so that no build can be queued. `send` calls with an artifact of that content. */
async function openFailing() {
  const stage = await open({ services, config: { dockerfiles: { repository: 'abc/nowhere' } } });
  await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY app.jar /\n' } });
  const part = (head: string, content: string) =>
    `--x\r\ncontent-disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
  const { app, store } = stage.slipway.running;
  const send = async (content: string) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/builds',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'multipart/form-data; boundary=x',
        'idempotency-key': content,
      },
      payload: `${part('name="service"', 'app')}${part('name="artifact"; filename="app.jar"', content)}--x--\r\n`,
    });
    expect([answer.statusCode, answer.json().code]).toEqual([502, 'git-unauthorized']);
    return must(await store.artifacts.ofCommit('app', must(await stage.repo.tip('main'))));
  };
  return { send, dataDir: join(stage.slipway.folder, 'data') };
}

test('an artifact that is on record keeps its file, though no build could be queued for it', async () => {
  const { send, dataDir } = await openFailing();
  const artifact = await send('bytes');
  await access(join(dataDir, artifact.file));
});

test('a call that comes again after it failed keeps its artifact once', async () => {
  const { send, dataDir } = await openFailing();
  const first = await send('bytes');
  expect(await send('bytes')).toEqual(first);
  expect(await readdir(join(dataDir, 'artifacts'))).toHaveLength(1);
});

test('the artifact that came last counts, though its bytes had come before', async () => {
  const { send, dataDir } = await openFailing();
  const [first, , last] = [await send('one'), await send('two'), await send('one')];
  expect(last.sha256).toBe(first.sha256);
  expect(last.id).not.toBe(first.id);
  expect(await readdir(join(dataDir, 'artifacts'))).toHaveLength(3);
});
