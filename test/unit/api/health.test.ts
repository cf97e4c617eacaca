import { Secret } from '../../../src/secret.js';
import { version } from '../../../src/version.js';
import { asBuilder, asReader, bearer, openTestApp, webhookSecret } from '../../support/app.js';

const ok = { ok: true, message: 'ok' };
const checks = {
  engine: ok,
  registry: ok,
  store: ok,
  git: ok,
  disk: ok,
  setAside: ok,
  configuration: ok,
  waiting: ok,
  hosts: ok,
};

describe('health', () => {
  test('is ok while the process answers, and names the version', async () => {
    const server = await openTestApp();
    const answer = await server.app.inject({ url: '/healthz' });
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok', version }]);
    await server.close();
  });
});

describe('readiness', () => {
  test.each(Object.keys(checks))('is a 503 that names %s where that is away', async (name) => {
    const found = { ...checks, [name]: { ok: false, message: 'It does not answer.' } };
    const server = await openTestApp({ readiness: { check: async () => found } });
    const answer = await server.app.inject({ url: '/readyz', headers: asReader });
    expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'unavailable', checks: found }]);
    await server.close();
  });

  test('is a 200 where everything is there, until the server stops', async () => {
    const server = await openTestApp();
    const before = await server.app.inject({ url: '/readyz', headers: asReader });
    expect([before.statusCode, before.json()]).toEqual([200, { status: 'ok', checks }]);
    server.stopping.abort();
    const after = await server.app.inject({ url: '/readyz' });
    expect([after.statusCode, after.json().status]).toEqual([503, 'stopping']);
    await server.close();
  });

  const away = { ok: false, message: 'connect ECONNREFUSED 10.0.0.7:5000' };
  const readiness = { check: async () => ({ ...checks, registry: away }) };
  const bare = {
    engine: { ok: true },
    registry: { ok: false },
    store: { ok: true },
    git: { ok: true },
    disk: { ok: true },
    setAside: { ok: true },
    configuration: { ok: true },
    waiting: { ok: true },
    hosts: { ok: true },
  };

  test.each([
    ['without a token', {}],
    ['with a token that is not valid', bearer('wrong')],
    ['with a secret that is no token', bearer(webhookSecret)],
  ])('shows names and no messages to a caller %s', async (_name, headers) => {
    const server = await openTestApp({ readiness });
    const answer = await server.app.inject({ url: '/readyz', headers });
    expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'unavailable', checks: bare }]);
    await server.close();
  });

  test('shows messages to each caller who may read', async () => {
    const server = await openTestApp({ readiness });
    for (const headers of [asReader, asBuilder]) {
      const { checks: shown } = (await server.app.inject({ url: '/readyz', headers })).json();
      expect(shown.registry).toEqual(away);
    }
    await server.close();
    const readable = await openTestApp({ readiness, anonymousRead: () => true });
    expect((await readable.app.inject({ url: '/readyz' })).json().checks.registry).toEqual(away);
    await readable.close();
  });

  test('shows no messages to a token that may not read', async () => {
    const deployer = { name: 'deployer', token: new Secret('token-without-read'), scopes: [], environments: null };
    const server = await openTestApp({ readiness, tokens: () => [deployer] });
    const answer = await server.app.inject({ url: '/readyz', headers: bearer('token-without-read') });
    expect(answer.json().checks).toEqual(bare);
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
