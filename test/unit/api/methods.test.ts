import { asReader, openTestApp, type TestApp } from '../../support/app.js';

let server: TestApp;

beforeAll(async () => {
  server = await openTestApp();
});
afterAll(() => server.close());

describe('HEAD', () => {
  test('is answered as GET, without the body', async () => {
    const got = await server.app.inject({ url: '/healthz' });
    const { statusCode, headers, body } = await server.app.inject({ method: 'HEAD', url: '/healthz' });
    expect([statusCode, headers['content-length'], body]).toEqual([200, got.headers['content-length'], '']);
  });

  test('needs the token that GET needs', async () => {
    const url = '/api/v1/builds';
    expect((await server.app.inject({ method: 'HEAD', url })).statusCode).toBe(401);
    expect((await server.app.inject({ method: 'HEAD', url, headers: asReader })).statusCode).toBe(200);
  });
});

describe('a method that an address does not know', () => {
  test.each([
    ['GET', '/webhooks/github', 'POST'],
    ['GET', '/rebuild/orders', 'POST'],
    ['DELETE', '/api/v1/builds', 'GET, HEAD, POST'],
    ['PUT', '/api/v1/builds/some-id', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/builds/some-id/cancel?x=y', 'POST'],
    ['HEAD', '/api/v1/events', 'GET'],
  ] as const)('%s %s is 405 and told which there are: %s', async (method, url, allowed) => {
    const answer = await server.app.inject({ method, url });
    expect(answer.statusCode).toBe(405);
    expect(String(answer.headers.allow).split(', ').sort().join(', ')).toBe(allowed);
    if (method !== 'HEAD') expect(answer.json()).toMatchObject({ code: 'method-not-allowed', status: 405 });
  });

  test.each(['/webhooks', '/api/v1/builds/', '/api/v1/builds/a/b'])('at %s is 404: nothing is there', async (url) => {
    const answer = await server.app.inject({ method: 'PATCH', url });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found']);
  });
});
