/** A real browser for the tests of pages. What a page does wrong on its own fails the test, whatever the test looks at. */
import type { Browser, BrowserContext, ConsoleMessage, Page } from 'playwright-core';
import { startChromium, type ChromiumProgram } from '../../scripts/parts/chromium.mjs';

/** How long a test waits for an element or an address, unless it says something else. */
const PATIENCE_MS = 20_000;

export const desktop = { width: 1280, height: 800 } as const;
/** The narrowest phone that every page has to fit. */
export const phone = { width: 360, height: 780 } as const;

export interface PageOptions {
  /** Default: `light`. */
  readonly colorScheme?: 'light' | 'dark';
  /** Default: `desktop`. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Errors on the console that the test causes, as by a server that goes away. */
  readonly expected?: readonly RegExp[];
  /** Logs in with it before the page is opened. */
  readonly token?: string;
  /** Sent with each request to the page's own server. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestBrowser {
  /**
   * Opens an address in a context of its own: no cookies, nothing cached. The test fails if that page, or one that it leads to, violates a
   * Content-Security-Policy, throws an error that nobody catches, prints an error to the console, or asks another server.
   */
  openPage(url: string, options?: PageOptions): Promise<Page>;
  /** What these pages did wrong so far. It fails the test no more. */
  takeFaults(): readonly string[];
}

/** One browser for the tests of a file, started with the first page. Its pages are closed after each test. */
export function useBrowser(): TestBrowser {
  let started: Promise<Browser> | null = null;
  let contexts: BrowserContext[] = [];
  const faults: string[] = [];
  const takeFaults = () => faults.splice(0);
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    expect(takeFaults()).toEqual([]);
  });
  afterAll(async () => (await started)?.close());
  return {
    takeFaults,
    async openPage(url, options = {}) {
      started ??= startChromium(testChromium(), nobodyElse);
      const context = await (
        await started
      ).newContext({
        colorScheme: options.colorScheme ?? 'light',
        viewport: options.viewport ?? desktop,
        extraHTTPHeaders: { ...options.headers },
        locale: 'en-GB',
        timezoneId: 'UTC',
        serviceWorkers: 'block',
      });
      contexts.push(context);
      context.setDefaultTimeout(PATIENCE_MS);
      await watch(context, new URL(url).origin, options.expected ?? [], (fault) => faults.push(fault));
      if (options.token !== undefined) await logIn(context, new URL(url).origin, options.token);
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
  };
}

async function logIn(context: BrowserContext, origin: string, token: string): Promise<void> {
  const answer = await context.request.post(`${origin}/ui/session`, { data: { token } });
  if (!answer.ok()) throw new Error(`Logging in failed: ${await answer.text()}`);
}

/** The browser of this run. */
export function testChromium(): ChromiumProgram {
  const given = process.env['TEST_CHROMIUM'];
  if (given === undefined) throw new Error('TEST_CHROMIUM names no program; run the tests of the project `pages`.');
  return JSON.parse(given) as ChromiumProgram;
}

/** No name is looked up, so that a page that asks somebody else reaches nobody. */
const nobodyElse = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

/** Runs in each page, before its own scripts. */
const reportViolations = `addEventListener('securitypolicyviolation', (event) =>
  slipwayViolation(event.effectiveDirective + ' forbids ' + (event.blockedURI || 'it') +
    (event.sourceFile ? ' in ' + event.sourceFile + ':' + event.lineNumber : '')));`;

async function watch(
  context: BrowserContext,
  origin: string,
  expected: readonly RegExp[],
  fault: (text: string) => void,
): Promise<void> {
  await context.exposeBinding('slipwayViolation', (_source, what: string) => fault(`Content-Security-Policy: ${what}`));
  await context.addInitScript(reportViolations);
  const isExpected = (text: string) => expected.some((pattern) => pattern.test(text));
  context.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(textOf(message))) fault(`console: ${textOf(message)}`);
  });
  context.on('weberror', (error) => fault(`uncaught: ${error.error().message}`));
  const ask = (url: string) => {
    if (isForeign(url, origin)) fault(`asks another server: ${url}`);
  };
  context.on('request', (request) => ask(request.url()));
  context.on('page', (page) => {
    page.on('websocket', (socket) => ask(socket.url().replace(/^ws/, 'http')));
    page.on('crash', () => fault(`crashed: ${page.url()}`));
  });
}

/** A failed request is one, too; its place is the address that was asked. */
const textOf = (message: ConsoleMessage): string =>
  message.location().url === '' ? message.text() : `${message.text()} (${message.location().url})`;

/** `data:`, `blob:` and `about:` ask nobody. */
const isForeign = (url: string, origin: string): boolean =>
  /^(https?|ftp):/.test(url) && new URL(url).origin !== origin;
