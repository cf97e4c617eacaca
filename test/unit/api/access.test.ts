import { asBuilder, asReader, bearer, openTestApp, tokens, type TestApp } from '../../support/app.js';
import { operations, sampleUrl } from '../../support/open-api.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
afterAll(() => server.close());

const session = ['GET /ui/session', 'POST /ui/session', 'DELETE /ui/session'];
const open = [...session, 'POST /webhooks/github', 'GET /', 'GET /healthz', 'GET /readyz', 'GET /metrics'];
const writes = [
  'POST /rebuild/{service}',
  'POST /api/v1/builds',
  'POST /api/v1/builds/{id}/cancel',
  'POST /api/v1/builds/{id}/retry',
  'POST /api/v1/deliveries/{id}/replay',
  'POST /api/v1/look',
];
/** What only the holder of a token of scope admin may read. */
const forAdmin = ['GET /api/v1/audit'];
const inEnvironment = '/api/v1/environments/{environment}/services/{service}';
const deploys = [
  'POST /api/v1/deployments/{id}/approve',
  'POST /api/v1/deployments/{id}/cancel',
  'POST /api/v1/deployments/{id}/retry',
  `DELETE ${inEnvironment}`,
  'PUT /api/v1/environments/{environment}/hold',
  'DELETE /api/v1/environments/{environment}/hold',
  ...['rollback', 'restart', 'stop', 'start', 'adopt-observed'].map((act) => `POST ${inEnvironment}/${act}`),
];
/** How services run is for callers with a name. A ticket needs more, and its plan does not. */
const named = [
  'POST /api/v1/deployments',
  'GET /api/v1/environments/{environment}/hosts/{host}/containers',
  'GET /api/v1/environments/{environment}/services/{service}/logs',
  'GET /api/v1/releases/{service}/{number}/compose',
];

const call = (app: TestApp, route: string, headers: Record<string, string> = {}) => {
  const [method = 'GET', path = '/'] = route.split(' ');
  return app.app.inject({ method: method as 'GET', url: sampleUrl(path), headers });
};
/** The stream of events never ends by itself. */
const routes = async (app: TestApp) =>
  (await operations(app)).map(({ name }) => name).filter((name) => name !== 'GET /api/v1/events');

describe('access', () => {
  test('without a token is refused everywhere but where it is open', async () => {
    const refused = [];
    for (const route of await routes(server)) {
      const answer = await call(server, route);
      if (answer.statusCode === 401 && answer.json().code === 'unauthorized') refused.push(route);
      else expect(open).toContain(route);
    }
    expect(refused).toEqual(expect.arrayContaining([...writes, ...deploys, 'GET /openapi.json', 'POST /api/v1/plan']));
    expect((await call(server, 'GET /api/v1/events')).statusCode).toBe(401);
  });

  test('with a token that reads is refused where something is started', async () => {
    const forbidden = [];
    for (const route of await routes(server)) {
      const answer = await call(server, route, asReader);
      if (answer.statusCode === 403 && answer.json().code === 'forbidden') forbidden.push(route);
    }
    expect(forbidden.sort()).toEqual([...writes, ...forAdmin, ...deploys].sort());
  });

  test.each([
    ['build', deploys],
    ['admin', []],
  ] as const)('with a token of scope %s is refused for %j only', async (scope, refused: readonly string[]) => {
    for (const route of await routes(server)) {
      const refusedHere = refused.includes(route) || (scope === 'build' && forAdmin.includes(route));
      if (route === 'POST /webhooks/github' || refusedHere) continue;
      expect([401, 403]).not.toContain((await call(server, route, bearer(tokens[scope]))).statusCode);
    }
    for (const route of refused) expect((await call(server, route, bearer(tokens[scope]))).statusCode).toBe(403);
  });

  test.each([
    ['a wrong token', 'Bearer wrong', 'Bearer error="invalid_token"'],
    ['another scheme', `Basic ${tokens.admin}`, 'Bearer'],
    ['an empty token', 'Bearer ', 'Bearer'],
    ['a token with a tail', `Bearer ${tokens.admin}x`, 'Bearer error="invalid_token"'],
  ])('with %s is unauthorized', async (_name, authorization, challenge) => {
    const answer = await call(server, 'GET /api/v1/builds', { authorization });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthorized']);
    expect(answer.headers['www-authenticate']).toBe(challenge);
  });

  test('takes the scheme in any case', async () => {
    const answer = await call(server, 'GET /api/v1/builds', { authorization: `bearer ${tokens.read}` });
    expect(answer.statusCode).toBe(200);
  });

  test.each(['/docs', '/docs/json', '/docs/static/index.html'])('to %s needs a token', async (url) => {
    expect((await server.app.inject({ url })).statusCode).toBe(401);
    expect((await server.app.inject({ url, headers: asReader })).statusCode).toBeLessThan(400);
  });

  test('to an address where nothing is, is a 404', async () => {
    for (const url of ['/nope', '/api/v1/nope', '/api/v1/builds/x/y/z']) {
      const answer = await server.app.inject({ url });
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found']);
    }
  });

  test('never shows a token', async () => {
    await call(server, 'POST /api/v1/builds', asBuilder);
    expect(JSON.stringify(server.log.lines)).not.toContain(tokens.build);
  });
});

describe('anonymous reading', () => {
  test('opens what reads and plans, and nothing else', async () => {
    const readable = await openTestApp({ anonymousRead: () => true });
    for (const route of await routes(readable)) {
      const { statusCode } = await call(readable, route);
      if ([...writes, ...deploys, ...forAdmin, ...named].includes(route)) expect(statusCode).toBe(401);
      else if (route !== 'POST /webhooks/github') expect([401, 403]).not.toContain(statusCode);
    }
    await readable.close();
  });
});

describe('metrics behind a token', () => {
  test('are for readers', async () => {
    const guarded = await openTestApp({ metrics: () => 'token' });
    expect((await call(guarded, 'GET /metrics')).statusCode).toBe(401);
    const answer = await call(guarded, 'GET /metrics', asReader);
    expect([answer.statusCode, answer.body]).toEqual([200, 'slipway_up 1\n']);
    await guarded.close();
  });
});
