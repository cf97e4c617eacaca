/** Browsers log in with a token, and are logged out as soon as it is removed or changed. */
import type { AccessToken } from '../../../src/access.js';
import type { ApiDeps } from '../../../src/api/deps.js';
import { Secret } from '../../../src/secret.js';
import { version } from '../../../src/version.js';
import { asReader, openTestApp, tokens, type TestApp } from '../../support/app.js';
import { manualClock } from '../../support/manual-clock.js';

const HOUR_MS = 60 * 60 * 1000;
const own = { 'sec-fetch-site': 'same-origin' };
const token = (name: string, text: string, scopes: AccessToken['scopes']): AccessToken => ({
  ...{ name, scopes, token: new Secret(text) },
  environments: null,
});
const builder = token('builder', tokens.build, ['build']);
const admin = token('adminer', tokens.admin, ['admin']);
const reader = token('reader', tokens.read, ['read']);

const clock = manualClock(Date.UTC(2026, 0, 2));
let known: readonly AccessToken[];
let isOpen = false;
let server: TestApp;
beforeAll(async () => {
  server = await openTestApp({ clock, tokens: () => known, anonymousRead: () => isOpen });
});
afterAll(() => server.close());

let address = 0;
beforeEach(() => {
  known = [reader, builder, admin];
  isOpen = false;
  address += 1; // attempts to log in are counted for each
});

interface Session {
  readonly cookie: string;
  readonly csrf: string;
}

const attempt = (its: TestApp, payload: object, headers: Record<string, string> = {}) =>
  its.app.inject({ method: 'POST', url: '/ui/session', remoteAddress: `10.0.0.${address}`, payload, headers });

/** The cookie as a browser sends it back. */
const cookieOf = ({ headers }: { readonly headers: object }): string =>
  String((headers as Record<string, unknown>)['set-cookie']).split(';')[0] ?? '';

async function logIn(its = server, text: string = tokens.build): Promise<Session> {
  const answer = await attempt(its, { token: text });
  expect(answer.statusCode).toBe(200);
  return { cookie: cookieOf(answer), csrf: answer.json<{ csrfToken: string }>().csrfToken };
}

const get = (url: string, headers: Record<string, string>) => server.app.inject({ url, headers });
const whoIs = async (headers: Record<string, string>) =>
  (await get('/ui/session', headers)).json<{ name: string }>().name;
const statusOf = async (headers: Record<string, string>) => (await get('/api/v1/builds', headers)).statusCode;
const look = (headers: Record<string, string>) =>
  server.app.inject({ method: 'POST', url: '/api/v1/look', payload: { repository: 'abc/java-service-1' }, headers });

describe('logging in', () => {
  test('gives a cookie with which everything can be read, and events followed', async () => {
    const answer = await attempt(server, { token: tokens.build });
    expect(answer.json()).toEqual({
      ...{ name: 'builder', scopes: ['read', 'build'], environments: null },
      ...{ csrfToken: expect.any(String), anonymousRead: false, publicUrl: null, version },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toMatch(
      /^slipway=[^;]{100,300}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const cookie = cookieOf(answer);
    expect((await get('/api/v1/me', { cookie })).json()).toMatchObject({ name: 'builder', scopes: ['read', 'build'] });
    expect((await get('/ui/session', { cookie })).json()).toMatchObject({
      name: 'builder',
      csrfToken: expect.any(String),
    });
    expect(await statusOf({ cookie })).toBe(200);
    const events = await server.app.inject({ url: '/api/v1/events', headers: { cookie }, payloadAsStream: true });
    expect([events.statusCode, events.headers['content-type']]).toEqual([200, 'text/event-stream']);
    events.stream().destroy();
  });

  test.each([{ token: 'wrong' }, { token: `${tokens.build}x` }, { token: ' ' }])(
    'is refused with %j',
    async (payload) => {
      const answer = await attempt(server, payload);
      expect([answer.statusCode, answer.json().code, answer.headers['set-cookie']]).toEqual([
        401,
        'unauthorized',
        undefined,
      ]);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    },
  );

  test.each([{}, { token: '' }, { token: 1 }, { token: 'x'.repeat(4097) }, { token: tokens.build, more: 1 }])(
    'is no more than a token: %j',
    async (payload) => {
      expect((await attempt(server, payload)).json().code).toBe('invalid-request');
    },
  );

  test('is possible ten times a minute, for each address', async () => {
    for (let left = 10; left > 0; left -= 1) expect((await attempt(server, { token: 'wrong' })).statusCode).toBe(401);
    const answer = await attempt(server, { token: tokens.build });
    expect([answer.statusCode, answer.json().code]).toEqual([429, 'too-many-requests']);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await statusOf(asReader)).toBe(200);
    address += 100;
    await logIn();
  });

  test('is refused to the page of another server', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.test' },
    ] as const)
      expect(
        (await attempt(server, { token: tokens.build }, headers as unknown as Record<string, string>)).json().code,
      ).toBe('csrf');
  });

  test('again takes the place of the session before, without a token of that', async () => {
    const { cookie } = await logIn();
    const answer = await attempt(server, { token: tokens.admin }, { cookie, ...own });
    expect(answer.statusCode).toBe(200);
    expect(await whoIs({ cookie: cookieOf(answer) })).toBe('adminer');
  });

  test('leaves no token in the log', async () => {
    server.log.lines.splice(0);
    await logIn();
    await attempt(server, { token: `${tokens.build}-nearly` });
    await attempt(server, { token: tokens.build, more: 1 });
    const said = JSON.stringify(server.log.lines);
    expect(said).toContain('logged in');
    expect(said).not.toContain(tokens.build);
  });
});

describe('without a session', () => {
  test('a page learns that nobody is logged in, and whether that is needed to read', async () => {
    const nobody = { name: 'anonymous', environments: null, csrfToken: null, publicUrl: null, version };
    expect((await get('/ui/session', {})).json()).toEqual({ ...nobody, scopes: [], anonymousRead: false });
    isOpen = true;
    expect((await get('/ui/session', {})).json()).toEqual({ ...nobody, scopes: ['read'], anonymousRead: true });
    expect(await statusOf({})).toBe(200);
    expect((await look(own)).statusCode).toBe(401);
  });

  test('a caller with a token learns who it is, and gets no cookie', async () => {
    const answer = await get('/ui/session', asReader);
    expect(answer.json()).toMatchObject({ name: 'reader', csrfToken: null });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('a cookie', () => {
  test('that was changed, cut or made by another server is none', async () => {
    const { cookie } = await logIn();
    const [sealed = '', nonce = ''] = cookie.slice('slipway='.length).split('%3B');
    const flipped = (sealed.startsWith('A') ? 'B' : 'A') + sealed.slice(1);
    const short = Buffer.alloc(16).toString('base64');
    const made = [
      `${flipped}%3B${nonce}`,
      `${sealed}%3B`,
      sealed,
      '',
      '%',
      `%3B${nonce}`,
      `${short}%3B${nonce}`,
      'x%3By%3Bz',
      `{"login":1}`,
    ];
    for (const value of made) {
      expect([value, await whoIs({ cookie: `slipway=${value}` })]).toEqual([value, 'anonymous']);
      expect(await statusOf({ cookie: `slipway=${value}` })).toBe(401);
    }
    const other = await openTestApp({ tokens: () => known, sessionKey: new Secret(Buffer.alloc(32, 8)) });
    expect(await whoIs({ cookie: (await logIn(other)).cookie })).toBe('anonymous');
    await other.close();
  });

  test('ends with its token: removed, renamed, changed, or given to another name', async () => {
    const { cookie } = await logIn();
    expect(await statusOf({ cookie })).toBe(200);
    for (const its of [
      [reader],
      [token('built', tokens.build, ['build'])],
      [token('builder', 'another text', ['build'])],
    ]) {
      known = its;
      expect(await statusOf({ cookie })).toBe(401);
    }
    known = [token('builder', tokens.build, ['read'])];
    expect((await get('/ui/session', { cookie })).json()).toMatchObject({ name: 'builder', scopes: ['read'] });
  });

  test('is never looked at where there is a header of its own', async () => {
    const { cookie } = await logIn(server, tokens.admin);
    expect(await whoIs({ cookie, ...asReader })).toBe('reader');
    for (const authorization of ['Bearer wrong', 'Basic eDp5', ''])
      expect(await statusOf({ cookie, authorization })).toBe(401);
    expect((await look({ cookie, authorization: `Bearer ${tokens.build}` })).statusCode).toBe(202);
  });

  test('keeps answers away from caches between', async () => {
    const { cookie } = await logIn();
    expect((await get('/api/v1/builds', { cookie })).headers['cache-control']).toBe('private, no-cache');
    expect((await get('/api/v1/builds', asReader)).headers['cache-control']).toBeUndefined();
  });
});

describe('a session', () => {
  test('ends after twelve hours without use', async () => {
    const { cookie } = await logIn();
    clock.advance(12 * HOUR_MS - 1);
    expect(await statusOf({ cookie })).toBe(200);
    clock.advance(1);
    expect([await statusOf({ cookie }), await whoIs({ cookie })]).toEqual([401, 'anonymous']);
  });

  test('goes on while it is used, and ends after seven days all the same', async () => {
    let { cookie } = await logIn();
    for (let hours = 11; hours < 7 * 24; hours += 11) {
      clock.advance(11 * HOUR_MS);
      const answer = await get('/api/v1/builds', { cookie });
      expect(answer.statusCode).toBe(200);
      cookie = cookieOf(answer);
    }
    clock.advance(3 * HOUR_MS - 1);
    expect(await statusOf({ cookie })).toBe(200);
    clock.advance(1);
    expect(await statusOf({ cookie })).toBe(401);
  });

  test('gets a new cookie every ten minutes, not with each call', async () => {
    const { cookie } = await logIn();
    for (const url of ['/api/v1/builds', '/ui/session'])
      expect((await get(url, { cookie })).headers['set-cookie']).toBeUndefined();
    clock.advance(HOUR_MS / 6);
    for (const url of ['/api/v1/builds', '/ui/session'])
      expect((await get(url, { cookie })).headers['set-cookie']).toBeDefined();
    expect((await get('/healthz', { cookie })).headers['set-cookie']).toBeUndefined();
  });

  test('ends if the clock is set back by more than it may last', async () => {
    const { cookie } = await logIn();
    clock.advance(-12 * HOUR_MS);
    expect(await statusOf({ cookie })).toBe(401);
    clock.advance(12 * HOUR_MS);
  });

  test('ends when the user logs out', async () => {
    const { cookie, csrf } = await logIn();
    const leave = (headers: Record<string, string>) =>
      server.app.inject({ method: 'DELETE', url: '/ui/session', headers });
    expect((await leave({ cookie, ...own })).json().code).toBe('csrf');
    const answer = await leave({ cookie, ...own, 'x-csrf-token': csrf });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers['set-cookie']).toMatch(
      /^slipway=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict$/,
    );
    expect((await leave({})).statusCode).toBe(204);
  });
});

describe('what a browser is made to do', () => {
  const host = { host: 'slipway.test:8080' };
  type Case = readonly [string, Record<string, string>, boolean];
  const withToken: readonly Case[] = [
    ['from its own page', own, true],
    ['from its own page, whatever the origin says', { ...own, origin: 'https://elsewhere.test' }, true],
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
    const { cookie, csrf } = await logIn();
    const answer = await look({ ...host, cookie, 'x-csrf-token': csrf, ...headers });
    expect([answer.statusCode, answer.json().code]).toEqual(isAllowed ? [202, undefined] : [403, 'csrf']);
  });

  test('needs that token, and of this session', async () => {
    const { cookie, csrf } = await logIn();
    const other = await logIn();
    for (const headers of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': 'x' }, { 'x-csrf-token': other.csrf }]) {
      const answer = await look({ cookie, ...own, ...(headers as Record<string, string>) });
      expect([answer.statusCode, answer.json().code]).toEqual([403, 'csrf']);
      expect(answer.json().detail).toMatch(/^[A-Z].*x-csrf-token.*\.$/);
    }
    expect((await look({ cookie, ...own, 'x-csrf-token': csrf })).statusCode).toBe(202);
    // The words of the query and of other headers do not count.
    expect((await look({ cookie, ...own, 'csrf-token': csrf, 'x-xsrf-token': csrf })).statusCode).toBe(403);
  });

  test('starts nothing if it is refused, and names the token if not', async () => {
    const { cookie, csrf } = await logIn();
    server.operations.reset();
    await look({ cookie, ...own });
    expect(server.operations.transcript).toEqual([]);
    await look({ cookie, ...own, 'x-csrf-token': csrf });
    expect(server.operations.transcript).toEqual([
      { operation: 'look', argument: expect.objectContaining({ by: 'builder' }) },
    ]);
    const [entry] = (await server.store.audit.page({ cursor: null, limit: 1 } as never)).items;
    expect(entry).toMatchObject({ by: 'builder', scope: 'build', route: '/api/v1/look', status: 202 });
  });

  test('still needs the scope', async () => {
    const { cookie, csrf } = await logIn(server, tokens.read);
    const answer = await look({ cookie, ...own, 'x-csrf-token': csrf });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden']);
  });
});

describe('behind TLS', () => {
  let secure: TestApp;
  const publicUrl = 'https://images.abc.test/slipway';
  beforeAll(async () => {
    secure = await openTestApp({ publicUrl, tokens: () => known } satisfies Partial<ApiDeps>);
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
