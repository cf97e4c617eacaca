/** A browser that is logged in does only what pages of Slipway ask it to do. */
import { openTestApp, tokens, type TestApp } from '../../support/app.js';
import { attempt, cookieOf, logIn, look, ownPage } from '../../support/browser-session.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
afterAll(() => server.close());

describe('what a browser is made to do', () => {
  const host = { host: 'slipway.test:8080' };
  type Case = readonly [string, Record<string, string>, boolean];
  const withToken: readonly Case[] = [
    ['from its own page', ownPage, true],
    ['from its own page, whatever the origin says', { ...ownPage, origin: 'https://elsewhere.test' }, true],
    ['from another host of its domain', { 'sec-fetch-site': 'same-site' }, false],
    ['from elsewhere', { 'sec-fetch-site': 'cross-site', origin: 'http://slipway.test:8080' }, false],
    ['from no page', { 'sec-fetch-site': 'none' }, false],
    ['from its own origin, over HTTP', { origin: 'http://slipway.test:8080' }, true],
    ['from its own origin behind a proxy', { origin: 'https://slipway.test:8080' }, true],
    ['from another port', { origin: 'http://slipway.test' }, false],
    ['from another origin', { origin: 'http://evil.test' }, false],
    ['from an origin that only begins like it', { origin: 'http://slipway.test:8080.evil.test' }, false],
    ['from a file', { origin: 'null' }, false],
    ['from another scheme', { origin: 'ftp://slipway.test:8080' }, false],
    ['without a word on where', {}, false],
  ];

  test.each(withToken)('%s, with the token of the session', async (_name, headers, isAllowed) => {
    const { cookie, csrf } = await logIn(server, tokens.build);
    const answer = await look(server, { ...host, cookie, 'x-csrf-token': csrf, ...headers });
    expect([answer.statusCode, answer.json().code]).toEqual(isAllowed ? [202, undefined] : [403, 'csrf']);
  });

  test('needs that token, and of this session', async () => {
    const { cookie, csrf } = await logIn(server, tokens.build);
    const other = await logIn(server, tokens.build);
    for (const headers of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': 'x' }, { 'x-csrf-token': other.csrf }]) {
      const answer = await look(server, { cookie, ...ownPage, ...(headers as Record<string, string>) });
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'csrf']);
      expect(answer.json().detail).toMatch(/^[A-Z].*x-csrf-token.*\.$/);
    }
    expect((await look(server, { cookie, ...ownPage, 'x-csrf-token': csrf })).statusCode).toBe(202);
    // The words of the query and of other headers do not count.
    expect((await look(server, { cookie, ...ownPage, 'csrf-token': csrf, 'x-xsrf-token': csrf })).statusCode).toBe(403);
  });

  test('starts nothing if it is refused, and names the token if not', async () => {
    const { cookie, csrf } = await logIn(server, tokens.build);
    server.operations.reset();
    await look(server, { cookie, ...ownPage });
    expect(server.operations.transcript).toEqual([]);
    await look(server, { cookie, ...ownPage, 'x-csrf-token': csrf });
    expect(server.operations.transcript).toEqual([
      { operation: 'look', argument: expect.objectContaining({ by: 'builder' }) },
    ]);
    const [entry] = (await server.store.audit.page({ cursor: null, limit: 1 } as never)).items;
    expect(entry).toMatchObject({ by: 'builder', scope: 'build', route: '/api/v1/look', status: 202 });
  });

  test('still needs the scope', async () => {
    const { cookie, csrf } = await logIn(server, tokens.read);
    const answer = await look(server, { cookie, ...ownPage, 'x-csrf-token': csrf });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden']);
  });
});

describe('behind TLS', () => {
  let secure: TestApp;
  const publicUrl = 'https://images.abc.test/slipway';
  beforeAll(async () => {
    secure = await openTestApp({ publicUrl });
  });
  afterAll(() => secure.close());

  test('the cookie goes over TLS alone, and calls may come from the public address', async () => {
    const answer = await attempt(secure, { token: tokens.build });
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-slipway=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.json()).toMatchObject({ publicUrl });
    const cookie = cookieOf(answer);
    const headers = { cookie, 'x-csrf-token': answer.json<{ csrfToken: string }>().csrfToken, host: '127.0.0.1:8080' };
    const statuses = ['https://images.abc.test', 'http://images.abc.test', 'https://images.abc.test:444'].map(
      async (origin) => {
        const call = { method: 'POST' as const, url: '/api/v1/look', payload: { repository: 'abc/java-service-1' } };
        return (await secure.app.inject({ ...call, headers: { ...headers, origin } })).statusCode;
      },
    );
    expect(await Promise.all(statuses)).toEqual([202, 403, 403]);
    const plain = await secure.app.inject({
      url: '/api/v1/builds',
      headers: { cookie: cookie.replace('__Host-', '') },
    });
    expect(plain.statusCode).toBe(401);
  });
});
