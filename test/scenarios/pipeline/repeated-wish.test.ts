/** Rebuilds, retries, replays and looks that come twice: with one Idempotency-Key, or while the first one still waits. */
import type { BuildRow } from '../../support/slipway.js';
import { TOKEN } from '../../support/slipway.js';
import { said, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

interface Answer extends BuildRow {
  readonly code?: string;
  readonly detail?: string;
  readonly answeredWith?: string;
  readonly fields?: readonly string[];
  readonly deliveryId: string;
  readonly services: readonly string[];
}

async function post({ slipway }: FakeStage, url: string, key: string | null, payload: object = {}) {
  const answer = await slipway.running.app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${TOKEN}`, ...(key === null ? {} : { 'idempotency-key': key }) },
    payload,
  });
  return { status: answer.statusCode, body: answer.json<Answer>(), headers: answer.headers };
}

test('a rebuild with a key is done once, however late it comes again', async () => {
  const stage = await open();
  await stage.begin();
  const answers = await Promise.all([1, 2, 3].map(() => post(stage, '/rebuild/app', 'k-1')));
  const ids = new Set(answers.map(({ body }) => body.id));
  expect([answers.map(({ status }) => status), ids.size]).toEqual([[202, 202, 202], 1]);
  const [id = ''] = ids;
  await stage.slipway.ended(id);
  expect(await post(stage, '/rebuild/app', 'k-1')).toMatchObject({ status: 202, body: { id, status: 'succeeded' } });
  const other = await post(stage, '/rebuild/app', 'k-1', { noCache: true });
  expect(other).toMatchObject({
    status: 409,
    body: { code: 'idempotency-conflict', answeredWith: id, fields: ['noCache'] },
  });
  expect((await post(stage, '/rebuild/app', 'k-2')).body.id).not.toBe(id);
  await stage.slipway.quiet();
  expect(await stage.builds()).toHaveLength(3);
});

test('a retry with a key is done once, and its key is not that of a rebuild', async () => {
  const stage = await open();
  await stage.begin();
  const [first] = await stage.builds();
  const url = `/api/v1/builds/${first?.id}/retry`;
  const { body } = await post(stage, url, 'k-1');
  await stage.slipway.ended(body.id);
  expect((await post(stage, url, 'k-1')).body).toMatchObject({ id: body.id, status: 'succeeded' });
  const rebuilt = await post(stage, '/rebuild/app', 'k-1');
  expect(rebuilt.status).toBe(202);
  await stage.slipway.ended(rebuilt.body.id);
  expect((await stage.builds()).map(({ trigger }) => trigger.kind)).toEqual(['push', 'retry', 'manual']);
});

test('a replay with a key is done once', async () => {
  const stage = await open();
  await stage.begin();
  const [delivery] = (await stage.slipway.get<{ deliveries: { id: string }[] }>('/api/v1/deliveries')).deliveries;
  const url = `/api/v1/deliveries/${delivery?.id}/replay`;
  const decided = async () =>
    (await stage.slipway.get<{ decisions: object[] }>(`/api/v1/deliveries/${delivery?.id}`)).decisions.length;
  for (let times = 0; times < 3; times += 1) {
    expect((await post(stage, url, 'k-1')).status).toBe(202);
    await stage.slipway.quiet();
  }
  expect(await decided()).toBe(2);
});

test('what is asked for again before it has begun is one build', async () => {
  const stage = await open();
  await stage.begin();
  stage.hold();
  await stage.underway(await stage.push({ 'src/a.txt': '2' }));
  const rebuilds = await Promise.all(Array.from({ length: 5 }, () => post(stage, '/rebuild/app', null)));
  expect(new Set(rebuilds.map(({ body }) => body.id)).size).toBe(1);
  const without = await post(stage, '/rebuild/app', null, { noCache: true });
  expect(without.body.id).not.toBe(rebuilds[0]?.body.id);
  const [first] = await stage.builds();
  const url = `/api/v1/builds/${first?.id}/retry`;
  const retries = await Promise.all(Array.from({ length: 5 }, () => post(stage, url, null)));
  expect(new Set(retries.map(({ body }) => body.id)).size).toBe(1);
  await stage.release();
  expect(await stage.builds()).toHaveLength(5);
});

describe('a look', () => {
  const services = { app: { repository: 'abc/app', branches: ['main', 'release/*'], version: { value: '1.0' } } };

  test('at a repository decides as a push does, and is in the ledger', async () => {
    const stage = await open({ services });
    await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY . /\n' } });
    const { status, body, headers } = await post(stage, '/api/v1/look', null, {
      repository: 'ABC/App',
      branch: 'main',
    });
    expect([status, body.services]).toEqual([202, ['app']]);
    expect(headers['location']).toBe(`/api/v1/deliveries/${body.deliveryId}`);
    expect(said(await stage.slipway.decisions(body.deliveryId))).toEqual(['build first-build']);
    await stage.slipway.quiet();
    expect(await stage.builds()).toMatchObject([{ status: 'succeeded', trigger: { kind: 'api', by: 'ops' } }]);
    const again = await post(stage, '/api/v1/look', null, { repository: 'abc/app' });
    expect(said(await stage.slipway.decisions(again.body.deliveryId))).toEqual(['skip no-change']);
    expect(await stage.slipway.get(`/api/v1/deliveries/${again.body.deliveryId}`)).toMatchObject({
      event: 'look',
      repository: 'abc/app',
      branch: null,
      status: 'planned',
    });
  });

  test('with a key is one delivery', async () => {
    const stage = await open({ services });
    await stage.begin();
    const ask = (repository = 'abc/app') => post(stage, '/api/v1/look', 'k-1', { repository });
    const { body } = await ask();
    expect((await ask()).body).toEqual(body);
    expect(await ask('ABC/app')).toMatchObject({ status: 409, body: { fields: ['repository'] } });
    await stage.slipway.quiet();
  });

  test('at a repository that nobody uses is refused with near names', async () => {
    const stage = await open({ services });
    expect(await post(stage, '/api/v1/look', null, { repository: 'abc/ap' })).toMatchObject({
      status: 404,
      body: { code: 'unknown-repository', suggestions: ['abc/app'] },
    });
    expect(await post(stage, '/api/v1/look', null, { repository: 'abc/app', ref: 'main' })).toMatchObject({
      status: 400,
    });
  });
});
