import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeScreenshots } from '../../../scripts/parts/screenshots.mjs';
import { testChromium } from '../../support/chromium.js';

const page = `<!doctype html><title>A page</title><main aria-busy="true"><p>text</p></main>
<script>setTimeout(() => document.querySelector('main').removeAttribute('aria-busy'), 50)</script>`;

test('pages are taken in three ways, by somebody who logged in', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.cookie ?? ''}`.trim());
    if (request.method === 'POST') return response.writeHead(200, { 'set-cookie': 'session=ann; Path=/' }).end('{}');
    return response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'slipway-screenshots-'));
  try {
    const pages = [
      ['services', '/'],
      ['build', '/builds/1'],
    ] as const;
    const taken = await takeScreenshots({ program: testChromium(), url, token: 'a-token', pages, folder });
    expect((await readdir(folder)).sort()).toEqual([
      ...['build-dark.webp', 'build-light.webp', 'build-phone.webp'],
      ...['services-dark.webp', 'services-light.webp', 'services-phone.webp'],
    ]);
    for (const { file, bytes } of taken) {
      const content = await readFile(file);
      expect([content.length, content.subarray(8, 12).toString()]).toEqual([bytes, 'WEBP']);
    }
    expect(asked.filter((line) => !line.includes('favicon')).slice(0, 3)).toEqual([
      'POST /ui/session',
      'GET / session=ann',
      'GET /builds/1 session=ann',
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
