import { openTestApp } from '../support/app.js';

const ok = { ok: true, message: 'ok' };
const checks = { engine: ok, registry: ok, store: ok, git: ok, disk: ok, setAside: ok };

describe('health', () => {
  test('is ok while the process answers', async () => {
    const server = await openTestApp();
    const answer = await server.app.inject({ url: '/healthz' });
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
    await server.close();
  });
});

describe('readiness', () => {
  test.each(Object.keys(checks))('is a 503 that names %s where that is away', async (name) => {
    const found = { ...checks, [name]: { ok: false, message: 'It does not answer.' } };
    const server = await openTestApp({ readiness: { check: async () => found } });
    const answer = await server.app.inject({ url: '/readyz' });
    expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'unavailable', checks: found }]);
    await server.close();
  });

  test('is a 200 where everything is there, until the server stops', async () => {
    const server = await openTestApp();
    const before = await server.app.inject({ url: '/readyz' });
    expect([before.statusCode, before.json()]).toEqual([200, { status: 'ok', checks }]);
    server.stopping.abort();
    const after = await server.app.inject({ url: '/readyz' });
    expect([after.statusCode, after.json().status]).toEqual([503, 'stopping']);
    await server.close();
  });
});

describe('metrics', () => {
  test('are text that Prometheus reads', async () => {
    const server = await openTestApp();
    const answer = await server.app.inject({ url: '/metrics' });
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toBe('slipway_up 1\n');
    await server.close();
  });
});
