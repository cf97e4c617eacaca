import { asReader, begin, endWell, openTestApp, queueBuild, sha, type TestApp } from '../../support/app.js';
import { runFile } from '../../contracts/store-samples.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const get = async (path: string) => {
  const { statusCode, json } = await server.app.inject({ url: `/api/v1/releases/${path}`, headers: asReader });
  return { status: statusCode, body: json() as Record<string, unknown> };
};

/** Builds an image of that digest. */
async function release(digest: string, commit = sha('a')): Promise<string> {
  const { id } = await queueBuild(server.store, { commit, forced: true });
  await endWell(server.store, await begin(server.store), digest, ['1.0.0-1-aaaaaaa', 'main'], runFile('one'));
  return id;
}

test('a release is shown with its image and its run file', async () => {
  const buildId = await release('sha256:1');
  const shown = {
    service: 'java-service-1',
    number: 1,
    branch: 'main',
    commit: sha('a'),
    image: { repository: 'java-service-1', digest: 'sha256:1', tags: ['1.0.0-1-aaaaaaa', 'main'] },
    runFile: { source: 'application', path: 'docker/compose.yaml', commit: sha('a'), overlays: ['production'] },
    buildId,
    createdAt: '2026-01-02T03:05:01.000Z',
    verdicts: [],
  };
  expect(await get('java-service-1/1')).toEqual({ status: 200, body: shown });
  expect(await get('java-service-1')).toEqual({ status: 200, body: { releases: [shown], nextCursor: null } });
});

test('releases are listed newest first, in pages', async () => {
  for (const digest of ['sha256:1', 'sha256:2', 'sha256:3']) await release(digest);
  const numbers = ({ body }: Awaited<ReturnType<typeof get>>) =>
    (body['releases'] as { number: number }[]).map(({ number }) => number);
  const first = await get('java-service-1?limit=2');
  expect(numbers(first)).toEqual([3, 2]);
  expect(numbers(await get(`java-service-1?limit=2&cursor=${String(first.body['nextCursor'])}`))).toEqual([1]);
});

test('a service without releases has an empty list', async () => {
  expect(await get('java-service-1')).toEqual({ status: 200, body: { releases: [], nextCursor: null } });
});

test.each([
  ['java-service', 404, 'unknown-service'],
  ['java-service/1', 404, 'unknown-service'],
  ['java-service-1/2', 404, 'unknown-release'],
  ['java-service-1/0', 404, 'unknown-release'],
  ['java-service-1/01', 404, 'unknown-release'],
  ['java-service-1/-1', 404, 'unknown-release'],
  ['java-service-1/one', 404, 'unknown-release'],
  ['java-service-1/99999999999999999999', 404, 'unknown-release'],
  ['java-service-1?limti=1', 400, 'invalid-request'],
  ['java-service-1/1?limit=1', 400, 'invalid-request'],
  ['java-service-1?cursor=x', 400, 'invalid-request'],
])('%s is answered with %d %s', async (path, status, code) => {
  await release('sha256:1');
  const answer = await get(path);
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

test('a token is needed', async () => {
  expect((await server.app.inject({ url: '/api/v1/releases/java-service-1' })).statusCode).toBe(401);
});
