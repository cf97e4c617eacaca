/**
 * Measures the pages in Chromium: a key press in the filter of 1,000 services, and a log of 100,000 coloured lines, beside the browser's own
 * page of the raw text. The git host is away, so nothing else goes on. The server, the browser and this program share the machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { ensureChromium } from '../scripts/parts/chromium.mjs';
import { createCleanup } from '../scripts/parts.mjs';
import { colourfulLog } from '../test/support/colourful-log.js';
import { fastFolder } from '../test/support/fast-folder.js';
import { filledWith } from '../test/support/past.js';
import { figures, rounded, runs } from './support/measure.js';
import { print, type Row } from './support/report.js';
import { BenchSlipway } from './support/slipway.js';

const count = Number(process.env['BENCH_SERVICES'] ?? 1000);
const lines = Number(process.env['BENCH_LINES'] ?? 100_000);
const FRAMES = 120;
const STEP_PX = 400;

const say = (line: string) => process.stderr.write(`${line}\n`);
const names = Array.from({ length: count }, (_, number) => `service-${number}`);
let withLog = '';

const fill = filledWith(async (past) => {
  for (const service of names) await past.build({ service, repository: 'abc/all', tookMs: 1000 });
  withLog = await past.build({ service: 'service-0', repository: 'abc/all', log: `${colourfulLog(lines)}\n` });
});

/** Frames a second while the page is scrolled by so much each frame, and the longest frame in milliseconds. */
const scroll = `new Promise((done) => {
  const times = [];
  scrollTo(0, 0);
  const frame = (now) => {
    times.push(now);
    scrollBy(0, ${STEP_PX});
    if (times.length <= ${FRAMES}) return requestAnimationFrame(frame);
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    done({ perSecond: 1000 * gaps.length / (times.at(-1) - times[0]), longest: Math.max(...gaps) });
  };
  requestAnimationFrame(frame);
})`;

/** Milliseconds from a key in the filter until the next frame is drawn. */
const press = (text: string) => `new Promise((done) => {
  const field = document.querySelector('search input[type=search]');
  field.value = ${JSON.stringify(text)};
  const began = performance.now();
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})`;

interface Scrolled {
  readonly perSecond: number;
  readonly longest: number;
}

async function opened(context: BrowserContext, url: string, isThere: string): Promise<{ page: Page; ms: number }> {
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(url, { timeout: 120_000 });
  // Not `waitForFunction`: it evaluates text in the page, which the page's policy forbids.
  await page.evaluate(
    `new Promise((done) => { const look = () => (${isThere} ? done() : requestAnimationFrame(look)); look(); })`,
  );
  return { page, ms: performance.now() - began };
}

const dir = mkdtempSync(join(fastFolder, 'slipway-bench-'));
const cleanup = createCleanup(say);
cleanup.add(() => rmSync(dir, { recursive: true, force: true }));
try {
  say(`Filling the store with ${count} builds and a log of ${lines} lines.`);
  await fill(join(dir, 'data'));
  const settings = { repository: 'abc/all', branches: ['main'] };
  const services = Object.fromEntries(names.map((name) => [name, { ...settings, path: name }]));
  const registry = { host: '127.0.0.1:1', username: 'x', password: 'x' };
  const away = { cloneUrl: 'http://127.0.0.1:1/{repository}.git', dockerHost: 'unix:///nowhere.sock', registry };
  const slipway = await BenchSlipway.start({ dir, services, ...away });
  cleanup.add(() => slipway.stop());
  const { file, env } = ensureChromium(say);
  const sandbox = process.getuid?.() !== 0;
  const browser: Browser = await chromium.launch({
    executablePath: file,
    env: { ...process.env, ...env },
    chromiumSandbox: sandbox,
  });
  cleanup.add(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const at = (path: string) => `http://127.0.0.1:${slipway.port}${path}`;
  const answer = await context.request.post(at('/ui/session'), { data: { token: 'bench' } });
  if (!answer.ok()) throw new Error(`Logging in failed: ${await answer.text()}`);

  const times = {
    list: [] as number[],
    key: [] as number[],
    slowest: [] as number[],
    log: [] as number[],
    raw: [] as number[],
  };
  const frames = { log: [] as number[], raw: [] as number[], longest: [] as number[] };
  let elements = 0;
  for (let run = 0; run <= runs; run += 1) {
    const list = await opened(context, at('/'), `document.querySelectorAll('.service').length === ${count}`);
    const keys: number[] = [];
    for (const text of ['9', '99', '999', '99', '9', '']) keys.push(await list.page.evaluate<number>(press(text)));
    await list.page.close();
    const isThere = `Number(document.querySelector('.log')?.dataset.lines) >= ${lines}`;
    const log = await opened(context, at(`/builds/${withLog}`), isThere);
    await log.page.keyboard.press('f');
    const scrolled = await log.page.evaluate<Scrolled>(scroll);
    elements = await log.page.locator('.log *').count();
    await log.page.close();
    const raw = await opened(context, at(`/api/v1/builds/${withLog}/log`), 'document.body.innerText.length > 1e6');
    const besides = await raw.page.evaluate<Scrolled>(scroll);
    await raw.page.close();
    say(`run ${run}: list ${rounded(list.ms)} ms, log ${rounded(log.ms)} ms, ${rounded(scrolled.perSecond)} frames/s`);
    if (run === 0) continue;
    times.list.push(list.ms);
    times.key.push(figures(keys).median);
    times.slowest.push(Math.max(...keys));
    times.log.push(log.ms);
    times.raw.push(raw.ms);
    frames.log.push(scrolled.perSecond);
    frames.raw.push(besides.perSecond);
    frames.longest.push(scrolled.longest);
  }
  const [key, slowest] = [figures(times.key), figures(times.slowest)];
  const [shown, text] = [figures(times.log), figures(times.raw)];
  const [smooth, plain] = [figures(frames.log), figures(frames.raw)];
  const peer = 'the raw text';
  const rows: Row[] = [
    { name: `${count} services are listed`, unit: 'ms', slipway: figures(times.list) },
    { name: 'a key in the filter, median of six', unit: 'ms', slipway: key, goal: '<= 50', met: key.median <= 50 },
    {
      ...{ name: 'a key in the filter, slowest of six', unit: 'ms', slipway: slowest },
      ...{ goal: '<= 50', met: slowest.median <= 50 },
    },
    {
      ...{ name: `${lines} lines are shown`, unit: 'ms', slipway: shown },
      ...{ peer: { name: peer, figures: text }, ratio: rounded(shown.median / text.median) },
    },
    {
      ...{ name: `frames while scrolling ${STEP_PX} px a frame`, unit: 'frames/s', slipway: smooth },
      ...{ peer: { name: peer, figures: plain }, ratio: rounded(smooth.median / plain.median) },
      ...{ goal: '>= 50', met: smooth.median >= 50 },
    },
    { name: 'the longest of these frames', unit: 'ms', slipway: figures(frames.longest) },
  ];
  print({ bench: 'pages', rows, more: { services: count, lines, elements } }, []);
} finally {
  await cleanup.run();
}
