/** Pictures of the pages of a running server, as the documents show them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChromium } from './chromium.mjs';

const looks = [
  { look: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { look: 'phone', colorScheme: 'dark', viewport: { width: 360, height: 780 } },
];

/** WebP of this quality keeps text sharp, at a third of the size of PNG. */
const QUALITY = 85;

const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

/** What a page shows while it waits for its data is `aria-busy`. */
const isReady = `document.fonts.status === 'loaded' && document.querySelector('main') !== null &&
  document.querySelector('[aria-busy=true], .waiting') === null &&
  // The content is there, and has not changed for a while: what it loads besides has come.
  document.querySelector('main')?.childElementCount > 0 && isStill()`;

/** Runs in each page: true once nothing was drawn for half a second. */
const still = `{
  let last = performance.now();
  new MutationObserver(() => (last = performance.now())).observe(document, { childList: true, subtree: true });
  globalThis.isStill = () => performance.now() - last > 500;
}`;

async function logIn(context, url, token) {
  const headers = { 'sec-fetch-site': 'same-origin' };
  const answer = await context.request.post(new URL('/ui/session', url).href, { data: { token }, headers });
  if (!answer.ok()) throw new Error(`The server at ${url} does not take the token: ${answer.status()}.`);
}

/** Asks from outside: what polls inside the page would need `unsafe-eval`. */
async function untilReady(page) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await page.evaluate(isReady))) {
    if (Date.now() > deadline) throw new Error(`${page.url()} does not come to rest.`);
    await page.waitForTimeout(PAUSE_MS);
  }
}

async function picture(context, address) {
  const page = await context.newPage();
  await page.addInitScript(still);
  const answer = await page.goto(address);
  if (!answer?.ok()) throw new Error(`${address} answers ${answer?.status()}.`);
  await untilReady(page);
  const session = await context.newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await page.close();
  return Buffer.from(data, 'base64');
}

/**
 * Takes each page in light, in dark, and in dark on a phone: `folder`/NAME-LOOK.webp. `pages` are names with their paths. With a token, that
 * one logs in. Resolves with the files and their sizes in bytes.
 */
export async function takeScreenshots({ program, url, token = null, pages, folder }) {
  mkdirSync(folder, { recursive: true });
  const taken = [];
  const browser = await startChromium(program);
  try {
    for (const { look, ...options } of looks) {
      const context = await browser.newContext({
        ...options,
        reducedMotion: 'reduce',
        timezoneId: 'UTC',
        locale: 'en-GB',
      });
      if (token !== null) await logIn(context, url, token);
      for (const [name, path] of pages) {
        const bytes = await picture(context, new URL(path, url).href);
        const file = join(folder, `${name}-${look}.webp`);
        writeFileSync(file, bytes);
        taken.push({ file, bytes: bytes.length });
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return taken;
}
