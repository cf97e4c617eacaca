import { asBuilder, bearer, openTestApp, tokens, type TestApp } from '../../support/app.js';

let server: TestApp;
let isOpen = false;
beforeAll(async () => {
  server = await openTestApp({ anonymousRead: () => isOpen });
});
afterAll(() => server.close());

const me = async (headers: Record<string, string> = {}) => server.app.inject({ url: '/api/v1/me', headers });

test('a token learns all that it may do', async () => {
  const { json, headers } = await me(asBuilder);
  expect(json()).toEqual({ name: 'builder', scopes: ['read', 'build'], environments: null });
  expect(headers['cache-control']).toBe('no-store');
  expect((await me(bearer(tokens.admin))).json()).toEqual({
    ...{ name: 'adminer', environments: null },
    scopes: ['read', 'build', 'deploy', 'admin'],
  });
});

test('without a token it says so, or that the caller may read', async () => {
  expect((await me()).statusCode).toBe(401);
  isOpen = true;
  expect((await me()).json()).toEqual({ name: 'anonymous', scopes: ['read'], environments: null });
  expect((await me({ authorization: 'Bearer wrong' })).json()).toMatchObject({ name: 'anonymous' });
});
