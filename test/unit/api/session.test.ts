/** Browsers log in with a token, and are logged out as soon as it is removed or changed. */
import type { AccessToken } from '../../../src/access.js';
import { Secret } from '../../../src/secret.js';
import { version } from '../../../src/version.js';
import { asReader, openTestApp, tokens, type TestApp } from '../../support/app.js';
import { accessToken, attempt, cookieOf, logIn, look, newAddress, ownPage } from '../../support/browser-session.js';
import { manualClock } from '../../support/manual-clock.js';

const HOUR_MS = 60 * 60 * 1000;
const builder = accessToken('builder', tokens.build, ['build']);
const admin = accessToken('adminer', tokens.admin, ['admin']);
const reader = accessToken('reader', tokens.read, ['read']);

const clock = manualClock(Date.UTC(2026, 0, 2));
let known: readonly AccessToken[];
let isOpen = false;
let server: TestApp;
beforeAll(async () => {
  server = await openTestApp({ clock, tokens: () => known, anonymousRead: () => isOpen });
});
afterAll(() => server.close());

beforeEach(() => {
  known = [reader, builder, admin];
  isOpen = false;
});

const get = (url: string, headers: Record<string, string>) => server.app.inject({ url, headers });
const whoIs = async (headers: Record<string, string>) =>
  (await get('/ui/session', headers)).json<{ name: string }>().name;
const statusOf = async (headers: Record<string, string>) => (await get('/api/v1/builds', headers)).statusCode;
describe('logging in', () => {
  test('gives a cookie with which everything can be read, and events followed', async () => {
    const answer = await attempt(server, { token: tokens.build });
    expect(answer.json()).toEqual({
      ...{ name: 'builder', scopes: ['read', 'build'], environments: null },
      ...{ csrfToken: expect.any(String), anonymousRead: false, publicUrl: null, version },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toMatch(
      /^slipway=[^;]{100,600}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
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

  test('may fail ten times a minute, for each address', async () => {
    const [address, wrong] = [newAddress(), { token: 'wrong' }];
    for (let left = 10; left > 0; left -= 1) expect((await attempt(server, wrong, {}, address)).statusCode).toBe(401);
    const answer = await attempt(server, { token: tokens.build }, {}, address);
    expect([answer.statusCode, answer.json().code]).toEqual([429, 'too-many-requests']);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await statusOf(asReader)).toBe(200);
    await logIn(server, tokens.build);
    clock.advance(60_000);
    expect((await attempt(server, { token: tokens.build }, {}, address)).statusCode).toBe(200);
  });

  test('counts only what failed, and nothing that the page of another server does', async () => {
    const address = newAddress();
    const evil = { origin: 'https://evil.test' };
    for (let times = 0; times < 12; times += 1) {
      expect((await attempt(server, { token: tokens.build }, {}, address)).statusCode).toBe(200);
      expect((await attempt(server, { token: 'wrong' }, evil, address)).statusCode).toBe(403);
    }
    expect((await attempt(server, { token: 'wrong' }, {}, address)).statusCode).toBe(401);
  });

  test('counts addresses of version 6 by their first 64 bits', async () => {
    const wrong = { token: 'wrong' };
    const statusFrom = async (address: string) => (await attempt(server, wrong, {}, address)).statusCode;
    for (let at = 0; at < 10; at += 1) expect(await statusFrom(`2001:db8::${at}:1`)).toBe(401);
    expect(await statusFrom('2001:db8:0:0:5:6:7:8')).toBe(429);
    expect(await statusFrom('2001:db8:0:1::1')).toBe(401);
    expect(await statusFrom('::1')).toBe(401);
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
    const { cookie } = await logIn(server, tokens.build);
    const answer = await attempt(server, { token: tokens.admin }, { cookie, ...ownPage });
    expect(answer.statusCode).toBe(200);
    expect(await whoIs({ cookie: cookieOf(answer) })).toBe('adminer');
  });

  test('leaves no token in the log', async () => {
    server.log.lines.splice(0);
    await logIn(server, tokens.build);
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
    expect((await look(server, ownPage)).statusCode).toBe(401);
  });

  test('a caller with a token learns who it is, and gets no cookie', async () => {
    const answer = await get('/ui/session', asReader);
    expect(answer.json()).toMatchObject({ name: 'reader', csrfToken: null });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('a cookie', () => {
  test('that was changed, cut or made by another server is not taken', async () => {
    const { cookie } = await logIn(server, tokens.build);
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
    expect(await whoIs({ cookie: (await logIn(other, tokens.build)).cookie })).toBe('anonymous');
    await other.close();
  });

  test('ends with its token: removed, renamed, changed, or given to another name', async () => {
    const { cookie } = await logIn(server, tokens.build);
    expect(await statusOf({ cookie })).toBe(200);
    for (const its of [
      [reader],
      [accessToken('built', tokens.build, ['build'])],
      [accessToken('builder', 'another text', ['build'])],
    ]) {
      known = its;
      expect(await statusOf({ cookie })).toBe(401);
    }
    known = [accessToken('builder', tokens.build, ['read'])];
    expect((await get('/ui/session', { cookie })).json()).toMatchObject({ name: 'builder', scopes: ['read'] });
  });

  test('is never looked at where there is a header of its own', async () => {
    const { cookie } = await logIn(server, tokens.admin);
    expect(await whoIs({ cookie, ...asReader })).toBe('reader');
    for (const authorization of ['Bearer wrong', 'Basic eDp5', ''])
      expect(await statusOf({ cookie, authorization })).toBe(401);
    expect((await look(server, { cookie, authorization: `Bearer ${tokens.build}` })).statusCode).toBe(202);
  });

  test('keeps answers away from caches between', async () => {
    const { cookie } = await logIn(server, tokens.build);
    expect((await get('/api/v1/builds', { cookie })).headers['cache-control']).toBe('private, no-cache');
    expect((await get('/api/v1/builds', asReader)).headers['cache-control']).toBeUndefined();
  });
});

describe('a session', () => {
  test('ends after twelve hours without use', async () => {
    const { cookie } = await logIn(server, tokens.build);
    clock.advance(12 * HOUR_MS - 1);
    expect(await statusOf({ cookie })).toBe(200);
    clock.advance(1);
    expect([await statusOf({ cookie }), await whoIs({ cookie })]).toEqual([401, 'anonymous']);
  });

  test('goes on while pages ask for it, and ends after seven days all the same', async () => {
    let { cookie } = await logIn(server, tokens.build);
    for (let hours = 11; hours < 7 * 24; hours += 11) {
      clock.advance(11 * HOUR_MS);
      expect(await statusOf({ cookie })).toBe(200);
      cookie = cookieOf(await get('/ui/session', { cookie }));
    }
    clock.advance(3 * HOUR_MS - 1);
    expect(await statusOf({ cookie })).toBe(200);
    clock.advance(1);
    expect(await statusOf({ cookie })).toBe(401);
  });

  test('gets a new cookie every ten minutes, and from no call but that of pages', async () => {
    const { cookie } = await logIn(server, tokens.build);
    for (const url of ['/api/v1/builds', '/ui/session'])
      expect((await get(url, { cookie })).headers['set-cookie']).toBeUndefined();
    clock.advance(HOUR_MS / 6);
    expect((await get('/ui/session', { cookie })).headers['set-cookie']).toBeDefined();
    // One that arrives after the user has logged out must not log in again.
    for (const url of ['/api/v1/builds', '/api/v1/me', '/healthz'])
      expect((await get(url, { cookie })).headers['set-cookie']).toBeUndefined();
  });

  test('ends if the clock is set back by more than it may last', async () => {
    const { cookie } = await logIn(server, tokens.build);
    clock.advance(-12 * HOUR_MS);
    expect(await statusOf({ cookie })).toBe(401);
    clock.advance(12 * HOUR_MS);
  });

  test('ends when the user logs out', async () => {
    const { cookie, csrf } = await logIn(server, tokens.build);
    const leave = (headers: Record<string, string>) =>
      server.app.inject({ method: 'DELETE', url: '/ui/session', headers });
    expect((await leave({ cookie, ...ownPage })).json().code).toBe('csrf');
    const answer = await leave({ cookie, ...ownPage, 'x-csrf-token': csrf });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers['set-cookie']).toMatch(
      /^slipway=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict$/,
    );
    expect((await leave({})).statusCode).toBe(204);
  });
});
