import { asReader, openTestApp, pushPayload, signed, type TestApp } from '../../support/app.js';
import { rawClient, requestHead } from '../../support/raw-client.js';
import { operations, sampleUrl } from '../../support/open-api.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
afterAll(() => server.close());

const policy = "default-src 'none'; frame-ancestors 'none'";

describe('every answer', () => {
  test('of every call forbids what a browser might do with it', async () => {
    for (const { name, path } of await operations(server)) {
      if (name === 'GET /api/v1/events') continue;
      const method = name.split(' ')[0] as 'GET';
      for (const headers of [{}, asReader]) {
        const { headers: given } = await server.app.inject({ method, url: sampleUrl(path), headers });
        expect([name, given['x-content-type-options'], given['content-security-policy']]).toEqual([
          name,
          'nosniff',
          policy,
        ]);
      }
    }
  });

  test.each([
    ['a good one', { url: '/healthz' }, 200],
    ['an accepted webhook', signed('push', pushPayload()), 202],
    ['an unknown address', { url: '/nope' }, 404],
    ['a wrong method', { method: 'DELETE' as const, url: '/healthz' }, 405],
    ['an address that cannot be decoded', { url: '/api/v1/builds/%zz' }, 400],
    ['an unsigned webhook', { method: 'POST' as const, url: '/webhooks/github', payload: '{}' }, 401],
  ])('does so: %s', async (_name, request, status) => {
    const { statusCode, headers } = await server.app.inject(request);
    expect([statusCode, headers['x-content-type-options'], headers['content-security-policy']]).toEqual([
      status,
      'nosniff',
      policy,
    ]);
  });

  test.each([
    ['bytes that are no HTTP', 'NONSENSE\r\n\r\n', 400],
    ['headers that are too long', `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a request without Host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['an expectation that nobody knows', requestHead('GET /healthz', { expect: 'wonders' }), 200],
  ])('does so, whatever came: %s', async (_name, text, status) => {
    const client = await rawClient(server);
    await client.send(text);
    const answer = await client.answer('\r\n\r\n');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('x-content-type-options: nosniff\r\n');
    expect(answer).toContain(`content-security-policy: ${policy}\r\n`);
    if (status >= 400) expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json/i);
    client.leave();
  });
});

/** Sources that a policy allows for a kind of content. */
function allowed(header: unknown, directive: string): string[] {
  const directives = String(header)
    .split(';')
    .map((one) => one.trim().split(/\s+/));
  return directives.find(([name]) => name === directive)?.slice(1) ?? [];
}

describe('the page of the API', () => {
  const get = (url: string) => server.app.inject({ url, headers: asReader });

  test('has scripts and styles of its own server alone, which its policy allows and browsers take for such', async () => {
    const page = await get('/docs/');
    const header = page.headers['content-security-policy'];
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(allowed(header, 'script-src')).toContain("'self'");
    expect(allowed(header, 'style-src')).toContain("'self'");
    // Nothing is inline: every script has an address, and there is no <style>.
    const scripts = [...page.body.matchAll(/<script\b([^>]*)>([^<]*)/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes = '', inline = ''] of scripts) {
      expect(inline.trim()).toBe('');
      const file = await get(new URL(/src="([^"]+)"/.exec(attributes)?.[1] ?? '', 'http://x/docs/').pathname);
      expect([file.statusCode, file.headers['content-type']]).toEqual([200, expect.stringMatching(/javascript/)]);
    }
    expect(page.body).not.toMatch(/<style|\son\w+=/);
    for (const [, address = ''] of page.body.matchAll(/<link rel="stylesheet"[^>]*href="([^"]+)"/g)) {
      const file = await get(new URL(address, 'http://x/docs/').pathname);
      expect([file.statusCode, file.headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/css/)]);
    }
  });

  test('may ask its own server for the document', async () => {
    const { headers } = await get('/docs/');
    const connect = allowed(headers['content-security-policy'], 'connect-src');
    expect([...connect, ...allowed(headers['content-security-policy'], 'default-src')]).toContain("'self'");
  });
});
