import { useFakeStage, dockerfile, type FakeStage } from '../../support/fake-stage.js';
import { TOKEN } from '../../support/slipway.js';

const open = useFakeStage();
const unreachable = 'unix:///nowhere/engine.sock';
const options = {
  config: { environments: { staging: { hosts: { a: { engine: unreachable, address: '127.0.0.1' } } } } },
  services: { app: { repository: 'abc/app', version: { value: '1.0' }, deploy: { environments: ['staging'] } } },
};

async function post(stage: FakeStage, more: object) {
  const { app } = stage.slipway.running;
  const { statusCode, json } = await app.inject({
    method: 'POST',
    url: '/api/v1/deployments',
    headers: { authorization: `Bearer ${TOKEN}` },
    payload: { service: 'app', environment: 'staging', ...more },
  });
  return { status: statusCode, body: json() as Record<string, unknown> };
}

test('a ticket for a branch that nobody has heard of yet is built', async () => {
  const stage = await open(options);
  stage.hold();
  const commit = await stage.repo.commit({ files: { 'docker/Dockerfile': dockerfile } });
  const { status, body } = await post(stage, { branch: 'main' });
  expect([status, body]).toMatchObject([202, { status: 'pending', release: null, waitingFor: { code: 'build' } }]);
  await stage.release();
  const { store } = stage.slipway.running;
  const { id, branch } = (await store.deployments.get(String(body['id'])))?.build ?? { id: '', branch: '' };
  expect([branch, await store.builds.get(id)]).toMatchObject(['main', { commit, status: 'succeeded' }]);
  expect(await store.releases.covering('app', 'main', commit)).toMatchObject({ number: 1 });
});

test('a plan comes from a whole server, although no host answers', async () => {
  const stage = await open(options);
  const commit = await stage.begin();
  const { status, body } = await post(stage, { commit: commit.slice(0, 7), dryRun: true });
  expect([status, body]).toMatchObject([
    200,
    { release: 1, hosts: [{ host: 'a', action: 'unknown' }], gates: [], faults: [], rollbackTo: null },
  ]);
  const asked = await post(stage, { commit });
  const again = await post(stage, { commit });
  expect([asked.status, again.status, asked.body['id'] === again.body['id']]).toEqual([202, 202, false]);
});

test('an environment that follows a branch deploys what a push makes, and a change of run files alone', async () => {
  const { hosts } = options.config.environments.staging;
  const stage = await open({ ...options, config: { environments: { staging: { hosts, follow: 'main' } } } });
  const { store } = stage.slipway.running;
  const followed = async () => (await store.deployments.page({ limit: 10, cursor: null })).items;
  await stage.begin();
  await stage.until('the first deployment', async () => (await followed()).length === 1);
  expect(await followed()).toMatchObject([{ release: { number: 1 }, requester: { by: 'follow', person: false } }]);
  await stage.push({ 'docker/compose.yaml': 'services: { app: { mem_limit: 1g } }\n' });
  await stage.until('the second deployment', async () => (await followed()).length === 2);
  expect((await followed())[0]).toMatchObject({ release: { number: 2 }, requester: { by: 'follow' } });
  expect((await store.builds.page({ limit: 10, cursor: null })).items).toHaveLength(1);
});
