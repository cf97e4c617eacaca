import { SlipwayError } from '../../../src/errors.js';
import { auditEntry } from '../../contracts/store-samples.js';
import { asBuilder, asReader, bearer, openTestApp, sha, signed, pushPayload, tokens } from '../../support/app.js';
import type { TestApp } from '../../support/app.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const asAdmin = bearer(tokens.admin);
const post = (url: string, headers: Record<string, string>, payload: object = {}) =>
  server.app.inject({ method: 'POST', url, headers, payload });
const list = async (query = '') =>
  (await server.app.inject({ url: `/api/v1/audit${query}`, headers: asAdmin })).json<{
    entries: { by: string; route: string; status: number; at: string }[];
    nextCursor: string | null;
  }>();
const said = async (query = '') =>
  (await list(query)).entries.map(({ by, route, status }) => `${by} ${route} ${status}`);

test('a call that starts something is listed with who made it, when, and from where', async () => {
  const answer = await post('/rebuild/java-service-1?wait=0', { ...asBuilder, 'idempotency-key': 'a-key' }, {});
  expect(answer.statusCode).toBe(400);
  await post('/rebuild/java-service-1', asBuilder, { branch: 'a-secret-branch' });
  const { entries, nextCursor } = await list();
  const expected = {
    by: 'builder',
    address: '127.0.0.1',
    scope: 'build',
    method: 'POST',
    route: '/rebuild/:service',
    parameters: { service: 'java-service-1' },
    at: '2026-01-02T03:04:05.000Z',
  };
  expect(entries).toEqual([
    { ...expected, status: 202 },
    { ...expected, status: 400 },
  ]);
  expect(nextCursor).toBeNull();
  expect(JSON.stringify(entries)).not.toMatch(/secret|a-key|wait/);
});

test('a call with a token is listed also if it is refused or fails', async () => {
  await post('/api/v1/look', asReader, { repository: 'abc/java-service-1' });
  await post('/api/v1/builds/nothing/cancel', asBuilder);
  server.operations.will({
    cancel: async () => {
      throw new SlipwayError('build-finished', 'It has ended.');
    },
  });
  await post('/api/v1/builds/b/cancel', asAdmin);
  await post('/api/v1/look', asBuilder, { unknown: true });
  expect(await said()).toEqual([
    'builder /api/v1/look 400',
    'adminer /api/v1/builds/:id/cancel 409',
    'builder /api/v1/builds/:id/cancel 404',
    'reader /api/v1/look 403',
  ]);
});

test('calls without a valid token, those that read, webhooks, and addresses where nothing is are not listed', async () => {
  await post('/api/v1/look', {}, { repository: 'abc/java-service-1' });
  await post('/api/v1/look', bearer('wrong'), { repository: 'abc/java-service-1' });
  await post('/api/v1/plan', asBuilder, { repository: 'abc/java-service-1', commit: sha('a') });
  await post('/api/v1/nothing', asAdmin);
  await server.app.inject({ url: '/api/v1/builds', headers: asAdmin });
  await server.app.inject(signed('push', pushPayload()));
  expect(await said()).toEqual([]);
  expect(await said()).toEqual([]);
});

test('is for tokens of scope admin', async () => {
  for (const headers of [asReader, asBuilder]) {
    expect((await server.app.inject({ url: '/api/v1/audit', headers })).statusCode).toBe(403);
  }
  expect((await server.app.inject({ url: '/api/v1/audit' })).statusCode).toBe(401);
});

test('is cut into pages, newest first, by token and time', async () => {
  for (const [by, at] of [
    ['jenkins', 1000],
    ['operator', 2000],
    ['jenkins', 3000],
  ] as const)
    await server.store.audit.add(auditEntry({ by, at, status: at }));
  const statuses = async (query: string) => (await list(query)).entries.map(({ status }) => status);
  const { entries, nextCursor } = await list('?limit=2');
  expect(entries.map(({ status }) => status)).toEqual([3000, 2000]);
  expect(await statuses(`?limit=2&cursor=${nextCursor}`)).toEqual([1000]);
  expect(await statuses('?token=jenkins')).toEqual([3000, 1000]);
  expect(await statuses('?since=1970-01-01T00:00:02Z')).toEqual([3000, 2000]);
  const wrong = await server.app.inject({ url: '/api/v1/audit?since=yesterday', headers: asAdmin });
  expect([wrong.statusCode, wrong.json().code]).toEqual([400, 'invalid-request']);
});

test('a call is answered even if it cannot be noted', async () => {
  const { audit } = server.store;
  server.store.audit.add = async () => {
    throw new SlipwayError('store-unavailable', 'The disk is full.');
  };
  expect((await post('/api/v1/builds/nothing/cancel', asBuilder)).statusCode).toBe(404);
  expect(server.log.lines).toContainEqual(expect.objectContaining({ message: 'could not note who made a call' }));
  expect((await audit.page({ limit: 1, cursor: null })).items).toEqual([]);
});
