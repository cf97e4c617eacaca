/** One document at all addresses of pages, the files that it loads, and nothing else of the disk. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { version } from '../../../src/version.js';
import { openTestApp, type TestApp } from '../../support/app.js';

const document = '<!doctype html><script type="module" src="/assets/entry-1a2b3c4d.js"></script>';
const script = 'export const text = "a script";\n';
const secret = 'nobody may read this';
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const addresses = [
  '/',
  '/login',
  '/services/shop',
  '/services/shop/why/c1a2b3d',
  '/builds',
  '/builds/4f2a?step=3',
  '/deliveries',
  '/graph',
  '/environments',
  '/environments/production',
  '/deployments/4f2a',
  '/system',
];

let folder: string;
let server: TestApp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-pages-'));
  const ui = join(folder, 'ui');
  await mkdir(join(ui, 'assets', 'deep'), { recursive: true });
  const write = (name: string, content: string | Buffer) => writeFile(join(ui, name), content);
  await write('index.html', document);
  await write('theme.js', 'document.title;');
  await write('assets/entry-1a2b3c4d.js', script);
  await write('assets/entry-1a2b3c4d.js.gz', gzipSync(script));
  await write('assets/entry-1a2b3c4d.js.br', 'brotli');
  await write('assets/entry-1a2b3c4d.css', 'body {}');
  await write('assets/.hidden.js', secret);
  await write('assets/deep/deep.js', secret);
  await writeFile(join(folder, 'secret.js'), secret);
  await symlink(join(folder, 'secret.js'), join(ui, 'assets', 'linked.js'));
  server = await openTestApp({ ui });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = browser) => server.app.inject({ url, headers });

describe('the document', () => {
  test.each(addresses)('stands at %s, for everybody', async (url) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.body]).toEqual([200, document]);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    const head = await server.app.inject({ method: 'HEAD', url, headers: browser });
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', String(document.length)]);
  });

  test('is sent again only if it has changed', async () => {
    const { etag } = (await get('/builds')).headers;
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `W/${String(etag)}`, `"x", ${String(etag)}`]) {
      const answer = await get('/graph', { ...browser, 'if-none-match': String(known) });
      expect([answer.statusCode, answer.body]).toEqual([304, '']);
    }
    expect((await get('/graph', { ...browser, 'if-none-match': '"x"' })).statusCode).toBe(200);
    expect((await get('/nowhere', { ...browser, 'if-none-match': String(etag) })).statusCode).toBe(404);
  });

  test('lets the browser load what is its own, and nothing else', async () => {
    for (const url of ['/', '/builds', '/nowhere']) {
      const { headers } = await get(url);
      expect(String(headers['content-security-policy']).split(';').sort()).toEqual(
        [
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "connect-src 'self'",
          "img-src 'self' data:",
          "frame-ancestors 'none'",
          "base-uri 'none'",
          "form-action 'self'",
        ].sort(),
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'x-frame-options': 'DENY',
      });
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });

  test('asks for TLS where that is how people reach it', async () => {
    const secure = await openTestApp({ ui: join(folder, 'ui'), publicUrl: 'https://images.abc.test' });
    const { headers } = await secure.app.inject({ url: '/builds', headers: browser });
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect((await secure.app.inject({ url: '/healthz' })).headers['strict-transport-security']).toBeUndefined();
    await secure.close();
  });
});

describe('other answers', () => {
  test.each(['/nowhere', '/services', '/builds/a/b', '/api/v1/nowhere'])(
    'at %s a browser gets the document with 404, and others a problem',
    async (url) => {
      const page = await get(url);
      expect([page.statusCode, page.body]).toEqual([404, document]);
      const head = await server.app.inject({ method: 'HEAD', url, headers: browser });
      expect([head.statusCode, head.headers['content-length']]).toEqual([404, String(document.length)]);
      for (const accept of ['*/*', 'application/json'])
        expect((await get(url, { accept })).json().code).toBe('not-found');
      const posted = await server.app.inject({ method: 'POST', url, headers: browser });
      expect(posted.headers['content-type']).toMatch(/^application\/problem\+json/);
    },
  );

  test('a page is only read', async () => {
    const answer = await server.app.inject({ method: 'DELETE', url: '/builds', headers: browser });
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  test('what the API answers keeps its own policy, also to browsers', async () => {
    const answer = await get('/api/v1/builds');
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthorized']);
    expect(answer.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    expect((await get('/', { accept: 'application/json' })).json()).toMatchObject({ name: 'Slipway' });
  });
});

describe('the files of a page', () => {
  const entry = '/assets/entry-1a2b3c4d.js';

  test('never change under their name, so a browser keeps them', async () => {
    const answer = await get(entry, {});
    expect([answer.statusCode, answer.body]).toEqual([200, script]);
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringMatching(/javascript/),
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    });
    expect((await get('/assets/entry-1a2b3c4d.css', {})).headers['content-type']).toMatch(/^text\/css/);
  });

  test('come compressed to those who accept that', async () => {
    const type = expect.stringMatching(/javascript/);
    const zipped = await get(entry, { 'accept-encoding': 'gzip' });
    expect(zipped.rawPayload).toEqual(gzipSync(script));
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': type, vary: 'accept-encoding' });
    expect((await get(entry, { 'accept-encoding': 'gzip, br' })).headers).toMatchObject({ 'content-encoding': 'br' });
    const plain = await get('/assets/entry-1a2b3c4d.css', { 'accept-encoding': 'gzip, br' });
    expect([plain.body, plain.headers['content-encoding']]).toEqual(['body {}', undefined]);
  });

  test('are asked for again if they have no hash in their name', async () => {
    const answer = await get('/theme.js', {});
    expect([answer.statusCode, answer.body, answer.headers['cache-control']]).toEqual([
      200,
      'document.title;',
      'no-cache',
    ]);
    const again = await get('/theme.js', { 'if-none-match': String(answer.headers['etag']) });
    expect(again.statusCode).toBe(304);
  });

  test.each([
    '/assets/',
    '/assets/nothing.js',
    '/assets',
    '/assets/deep',
    '/assets/deep/deep.js',
    '/assets/deep%2fdeep.js',
    '/assets/.hidden.js',
    '/assets/linked.js',
    '/assets/../../secret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/assets/..%5c..%5csecret.js',
    '/assets/%2e%2e%2findex.html',
    '/assets/entry-1a2b3c4d.js%00',
    '/assets/entry-1a2b3c4d.js.gz',
    '/assets//entry-1a2b3c4d.js',
    '/assets/%252e%252e%252fsecret.js',
    '/assets/constructor',
    '/index.html',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
  ])('nothing is at %s', async (url) => {
    const answer = await get(url, { 'accept-encoding': 'gzip, br' });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found']);
    expect(answer.body).not.toContain(secret);
  });
});

describe('without built pages', () => {
  test.each(['a folder that is not there', null])('a page says so: %s', async (ui) => {
    const bare = await openTestApp({ ui });
    for (const url of addresses) {
      const answer = await bare.app.inject({ url, headers: browser });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.body).toMatch(new RegExp(`Slipway ${version}.*were not built`, 's'));
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
    }
    expect((await bare.app.inject({ url: '/nowhere', headers: browser })).json().code).toBe('not-found');
    expect((await bare.app.inject({ url: '/assets/x.js' })).statusCode).toBe(404);
    await bare.close();
  });

  test('that cannot be read, the log says why', async () => {
    const broken = join(folder, 'broken');
    await mkdir(join(broken, 'index.html'), { recursive: true });
    const bare = await openTestApp({ ui: broken });
    expect(bare.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'could not read the pages for browsers' }),
    );
    await bare.close();
  });
});
