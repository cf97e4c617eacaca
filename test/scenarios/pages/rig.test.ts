import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { until } from '../../support/api-client.js';
import { axe, axeEverywhere } from '../../support/axe.js';
import { phone, useBrowser } from '../../support/chromium.js';
import { dockerfile } from '../../support/fake-stage.js';
import { colourfulLog } from '../../support/colourful-log.js';
import { usePagesStage } from '../../support/pages-stage.js';

const browser = useBrowser();

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:";

/** Pages and scripts that do something wrong, by address. */
const files: Readonly<Record<string, readonly [type: string, content: string]>> = {
  '/good': ['text/html', '<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1></main>'],
  '/inline-script': ['text/html', '<!doctype html><title>Bad</title><script>document.title = "ran"</script>'],
  '/inline-style': ['text/html', '<!doctype html><title>Bad</title><p style="color: red">text</p>'],
  '/foreign-script': [
    'text/html',
    '<!doctype html><title>Bad</title><script src="http://elsewhere.test/x.js"></script>',
  ],
  '/throws': ['text/html', '<!doctype html><title>Bad</title><script src="/throws.js"></script>'],
  '/throws.js': ['text/javascript', 'throw new Error("nobody catches this")'],
  '/rejects': ['text/html', '<!doctype html><title>Bad</title><script src="/rejects.js"></script>'],
  '/rejects.js': ['text/javascript', 'void Promise.reject(new Error("nobody awaits this"))'],
  '/prints': ['text/html', '<!doctype html><title>Bad</title><script src="/prints.js"></script>'],
  '/prints.js': ['text/javascript', 'console.error("an error", 17)'],
  '/asks': ['text/html', '<!doctype html><title>Bad</title><script src="/asks.js"></script>'],
  '/asks.js': ['text/javascript', 'fetch("/nothing-there")'],
  '/leads-on': ['text/html', '<!doctype html><title>Good</title><a href="/prints">on</a>'],
  '/hard-to-read': [
    'text/html',
    `<!doctype html><html lang="en"><title>Hard to read</title><link rel="stylesheet" href="/hard-to-read.css">
<main><h1>Hard to read</h1><p>grey</p><img src="data:," width="500"></main>`,
  ],
  '/hard-to-read.css': [
    'text/css',
    `:root { color-scheme: light dark } p { color: light-dark(#111, #333); background: light-dark(#fff, #222) } img { min-width: 500px }`,
  ],
};

/** Waits for such a fault of the page, and closes it. Resolves with all of its faults. */
async function found(page: Page, fault: RegExp): Promise<readonly string[]> {
  const faults: string[] = [];
  await until(`a fault ${fault}`, async () => {
    faults.push(...browser.takeFaults());
    return faults.some((one) => fault.test(one));
  });
  await page.close();
  return [...faults, ...browser.takeFaults()];
}

let server: Server;
let at: string;

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const [type, content] = files[url] ?? ['text/plain', ''];
    response.writeHead(files[url] ? 200 : 404, { 'content-type': type, 'content-security-policy': policy });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('what a page does wrong is found', () => {
  test.each([
    ['an inline script', '/inline-script', /^Content-Security-Policy: script-src-elem forbids inline/],
    ['an inline style', '/inline-style', /^Content-Security-Policy: style-src-attr forbids inline/],
    ['a script of another server', '/foreign-script', /^asks another server: http:\/\/elsewhere\.test\/x\.js$/],
    ['an error that nobody catches', '/throws', /^uncaught: nobody catches this$/],
    ['a promise that nobody awaits', '/rejects', /^uncaught: nobody awaits this$/],
    ['an error on the console', '/prints', /^console: an error 17 \(.*\/prints\.js\)$/],
    ['a request that fails', '/asks', /^console: .*404.*\/nothing-there\)$/],
  ])('%s', async (_, path, fault) => {
    await found(await browser.openPage(at + path), fault);
  });

  test('on a page that it leads to, too', async () => {
    const page = await browser.openPage(`${at}/leads-on`);
    await page.getByRole('link').click();
    expect(await found(page, /^console: an error 17/)).toHaveLength(1);
  });
});

test('an expected error is no fault, and any other still is one', async () => {
  await browser.openPage(`${at}/prints`, { expected: [/an error \d+/] });
  await browser.openPage(`${at}/prints`, { expected: [/another error/] });
  expect(browser.takeFaults()).toHaveLength(1);
});

describe('axe', () => {
  test('finds nothing on a good page', async () => {
    expect(await axeEverywhere(await browser.openPage(`${at}/good`))).toEqual([]);
  });

  test('says what is wrong in which way of looking at a page', async () => {
    const found = await axeEverywhere(await browser.openPage(`${at}/hard-to-read`));
    const names = found.map((line) => /^[^:]*: [\w-]+/.exec(line)?.[0]);
    expect(names).toEqual([
      'light: image-alt',
      'dark: color-contrast',
      'dark: image-alt',
      'dark on a phone: color-contrast',
      'dark on a phone: image-alt',
      'dark on a phone: the',
    ]);
    expect(found.at(-1)).toMatch(/^dark on a phone: the page is 5\d\d pixels wide$/);
  });

  test('sees the page as it is shown', async () => {
    const page = await browser.openPage(`${at}/hard-to-read`, { colorScheme: 'dark', viewport: phone });
    expect(await axe(page)).toContainEqual(expect.stringMatching(/^color-contrast \(serious\): p: .*contrast of/));
  });
});

describe('the stage', () => {
  const stage = usePagesStage({
    anonymousRead: true,
    services: { app: { repository: 'abc/app', version: { value: '1.0' } }, old: { repository: 'abc/old' } },
    past: async (past) => {
      await past.delivery({ id: 'long-ago' });
      const covers = await past.build({ service: 'old', deliveryId: 'long-ago' });
      past.pass(1_000);
      await past.skip({ service: 'old', reliesOn: covers });
      await past.build({ service: 'old', failed: { message: 'exit code 2' } });
    },
  });

  test('serves pages without a fault', async () => {
    const page = await browser.openPage(stage().at('/'), { headers: { accept: 'text/html' } });
    expect(await page.title()).toContain('Slipway');
    expect(await axeEverywhere(page)).toEqual([]);
  });

  test('has a past', async () => {
    const { slipway } = stage().stage;
    const { decisions } = await slipway.get<{ decisions: { decision: string }[] }>('/api/v1/decisions?service=old');
    expect(decisions.map(({ decision }) => decision)).toEqual(['build', 'skip', 'build']);
    expect((await slipway.builds('&service=old')).map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  });

  test('builds what is pushed, with a log of 10,000 lines', async () => {
    const { stage: at } = stage();
    const rows = await at.push({
      'docker/Dockerfile': `${dockerfile}RUN cat log.txt\n`,
      'log.txt': colourfulLog(10_000),
    });
    const { id, status } = await at.ended(rows);
    expect(status).toBe('succeeded');
    const log = await at.slipway.logOf(id);
    expect(log.split('\n').filter((line) => line.includes('ERROR'))).toHaveLength(10);
  });

  test('starts again at the same address, with what it had', async () => {
    const page = await browser.openPage(stage().at('/'), { expected: [/Failed to load resource/, /ERR_/] });
    await stage().stop();
    await expect(fetch(stage().at('/'))).rejects.toThrow('fetch failed');
    await stage().start();
    await page.reload();
    expect(await page.title()).toContain('Slipway');
    expect(await stage().stage.builds('&service=app')).toHaveLength(1);
  });
});
