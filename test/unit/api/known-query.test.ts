import { asReader, bearer, openTestApp, queueBuild, tokens, type TestApp } from '../../support/app.js';
import { operations, sampleUrl } from '../../support/open-api.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
afterAll(() => server.close());

const get = (url: string) => server.app.inject({ url, headers: asReader });

test.each([
  ['/api/v1/builds?services=shop', 'services', ['service']],
  ['/api/v1/builds?Service=shop', 'Service', ['service']],
  ['/api/v1/builds?commits=aaaa&limit=1', 'commits', ['commit']],
  ['/api/v1/deliveries?limit=1&repo=abc/shop', 'repo', ['repository']],
  ['/api/v1/services?pagesize=1', 'pagesize', []],
  ['/api/v1/builds/b-1?waits=5', 'waits', ['wait']],
  ['/api/v1/builds/b-1/log?folow=true', 'folow', ['follow']],
  ['/api/v1/services/java-service-1/image?commit=aaaa&branch=main', 'branch', []],
  ['/api/v1/events?services=x', 'services', ['service']],
  ['/api/v1/graph?service=x', 'service', []],
  ['/api/v1/builds?constructor=x', 'constructor', []],
])('%s is refused with near names', async (url, field, suggestions) => {
  const answer = await get(url);
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
  const body = answer.json();
  expect(body).toMatchObject({ faults: [{ field }], suggestions });
  expect(body.detail).toContain(`"${field}" is not a parameter of this call`);
  for (const near of suggestions) expect(body.detail).toContain(`did you mean ${near}?`);
});

test('every call refuses a parameter that it does not have', async () => {
  for (const { name, path } of await operations(server)) {
    const url = `${sampleUrl(path)}?no-such-parameter=1`;
    const method = name.split(' ', 1)[0] as 'GET';
    const answer = await server.app.inject({ method, url, headers: bearer(tokens.admin) });
    expect([url, answer.statusCode, answer.json().detail]).toEqual([url, 400, expect.stringContaining('no-such')]);
  }
});

test('a parameter that is given twice is refused', async () => {
  const answer = await get('/api/v1/builds?status=failed&status=queued');
  expect([answer.statusCode, answer.json().detail]).toEqual([400, '"status" is given more than once.']);
});

test('who may not call learns nothing of the parameters', async () => {
  expect((await server.app.inject({ url: '/api/v1/builds?services=shop' })).statusCode).toBe(401);
});

test('parameters that exist are taken', async () => {
  const { id } = await queueBuild(server.store);
  for (const query of ['repository=ABC/java-service-1', 'commit=aaaaaaa', 'service=java-service-1&branch=main']) {
    expect((await get(`/api/v1/builds?${query}`)).json().builds).toMatchObject([{ id }]);
  }
  expect((await get('/api/v1/builds?commit=bbbb')).json().builds).toEqual([]);
  expect((await get('/api/v1/builds?commit=main')).statusCode).toBe(400);
  expect((await get('/api/v1/deliveries?status=failed&repository=abc/x&commit=aaaa')).statusCode).toBe(200);
  expect((await get('/api/v1/deliveries?status=done')).statusCode).toBe(400);
});
