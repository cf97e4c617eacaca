import type { Page } from 'playwright-core';
import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { dockerfile } from '../../support/fake-stage.js';
import { colourfulLog } from '../../support/colourful-log.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';
import { soon } from '../../support/soon.js';

const browser = useBrowser();
const stage = usePagesStage();

const steps = 'FROM scratch\nCOPY . /\n# What fails.\nRUN cat small.txt ; exit 3\n';

/** Pushes, waits for the build, and resolves with its id. */
async function built(files: Readonly<Record<string, string>>): Promise<string> {
  const { stage: at } = stage();
  return (await at.ended(await at.push(files))).id;
}

const openBuild = (id: string, more: { token?: string; hash?: string } = {}) =>
  browser.openPage(stage().at(`/builds/${id}${more.hash ?? ''}`), { token: more.token ?? tokens.build });
const log = (page: Page) => page.locator('.log');
const lineCount = (page: Page) => page.locator('.log').getAttribute('data-lines').then(Number);

test('a failed build says why, whose matter it is, and shows the line of the Dockerfile', async () => {
  const id = await built({ 'docker/Dockerfile': steps, 'small.txt': 'one\nnpm error code E\nthree' });
  const page = await openBuild(id);
  await page.getByText('The Dockerfile is at fault.').waitFor();
  const failure = page.getByRole('group', { name: 'Failure' });
  expect(await failure.innerText()).toContain('exit code 3');
  expect(await failure.locator('.it').innerText()).toBe('RUN cat small.txt ; exit 3');
  expect(await failure.locator('.it').getAttribute('data-number')).toBe('4');
  const open = page.locator('.log details[open][data-state="failed"]');
  expect(await open.locator('summary').innerText()).toContain('RUN cat small.txt');
  expect(await page.locator('.log details[data-state="done"]:not([open])').count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'first error' }).click();
  expect(await open.innerText()).toContain('npm error code E');
  expect(await axeEverywhere(page)).toEqual([]);
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.waitForURL((url) => url.pathname !== `/builds/${id}`);
  await page.getByText(/Failed at/).waitFor();
});

test('100,000 lines: all are found, few are elements, links mark lines', async () => {
  const id = await built({
    'docker/Dockerfile': `${dockerfile}RUN cat log.txt\n`,
    'log.txt': colourfulLog(100_000),
  });
  const page = await openBuild(id, { hash: '#L50000-L50002' });
  await soon(async () => (await lineCount(page)) > 100_000, true);
  await page.locator('.marked').first().waitFor();
  expect(await page.locator('.marked').evaluateAll((all) => all.map(({ id: its }) => its))).toEqual([
    'L50000',
    'L50001',
    'L50002',
  ]);
  expect(await page.locator('.log *').count()).toBeLessThanOrEqual(5_000);
  expect(await page.evaluate<boolean>(`document.querySelector('.log').textContent.includes('Part99999.java')`)).toBe(
    true,
  );
  await page.getByLabel('Search the log').fill('ERROR');
  await soon(() => page.getByLabel('Hits').innerText(), '100 hits');
  await page.keyboard.press('Enter');
  await page.locator('.found').first().waitFor();
  const hit = Number(
    await page
      .locator('.found')
      .first()
      .getAttribute('id')
      .then((its) => its?.slice(1)),
  );
  await page.getByRole('link', { name: `Line ${hit}`, exact: true }).click();
  expect(new URL(page.url()).hash).toBe(`#L${hit}`);
  await page.getByRole('link', { name: `Line ${hit + 2}`, exact: true }).click({ modifiers: ['Shift'] });
  expect(new URL(page.url()).hash).toBe(`#L${hit}-L${hit + 2}`);
});

test('a running build is followed to its end, until somebody looks up; it can be canceled', async () => {
  const { stage: at } = stage();
  at.hold();
  const id = await at.underway(
    await at.push({ 'docker/Dockerfile': `${dockerfile}RUN cat log.txt\n`, 'log.txt': colourfulLog(300) }),
  );
  const page = await openBuild(id);
  await page.getByText('● following').waitFor();
  await at.release();
  await page.getByText(/Built .* in/).waitFor();
  await soon(async () => (await lineCount(page)) > 300, true);
  expect(await page.title()).toContain('✓ app');
  expect(await page.locator('#favicon').getAttribute('href')).toContain(encodeURIComponent('#1a7f37'));

  at.hold();
  const next = await at.underway(await at.push({ 'src/b.txt': '1' }));
  const reader = await openBuild(next, { token: tokens.read });
  await reader.getByText(/^Runs for/).waitFor();
  expect(await reader.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  const other = await openBuild(next);
  await other.getByRole('button', { name: 'Cancel' }).waitFor();
  await other.keyboard.press('c');
  await other.locator('.outcome', { hasText: 'Canceled' }).waitFor();
  await reader.locator('.outcome', { hasText: 'Canceled' }).waitFor();
  await at.release();
  await other.keyboard.press('[');
  await other.waitForURL(new RegExp(`/builds/${id}$`));
});

test('the log goes on where it was after the server has started again', async () => {
  const { stage: at } = stage();
  at.hold();
  const id = await at.underway(
    await at.push({ 'docker/Dockerfile': `${dockerfile}RUN cat log.txt\n`, 'log.txt': 'one\ntwo' }),
  );
  const expected = [/Failed to load resource/, /ERR_/];
  const page = await browser.openPage(stage().at(`/builds/${id}`), { token: tokens.read, expected });
  await soon(async () => (await lineCount(page)) > 1, true);
  const stopping = stage().stop();
  at.fakes.engine.release();
  await stopping;
  await stage().start();
  await page.getByText(/Built .* in/).waitFor();
  await soon(async () => (await log(page).textContent())?.includes('two'), true);
  const numbers = await page.locator('.ln').evaluateAll((all) => all.map(({ id: its }) => its));
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('a tag that a newer build has taken is no tag of the older one, and the same image is said to be that', async () => {
  const { stage: at } = stage();
  const id = await built({ 'docker/Dockerfile': dockerfile, 'src/c.txt': '1' });
  const [before] = await at.builds(`&commit=${await at.tip()}`);
  const rebuilt = ((await at.slipway.post('/rebuild/app', {})).body as { id: string }).id;
  await at.slipway.quiet();
  const same = await openBuild(rebuilt);
  await same.getByText(': the same image as before').waitFor();
  expect(await same.locator('.facts').innerText()).toMatch(/rebuild by [^]*also main/);
  const next = await built({ 'src/c.txt': '2' });
  const older = await openBuild(id);
  const moved = older.locator('.facts').getByRole('link', { name: /^1\./ });
  await moved.waitFor();
  expect(await moved.getAttribute('href')).toBe(`/builds/${next}`);
  expect(await older.locator('.facts').innerText()).toContain('main has moved on to');
  expect(before?.id).toBe(id);
});

test('a build that nobody knows', async () => {
  const page = await browser.openPage(stage().at('/builds/no-such-build'), { token: tokens.read, expected: [/404/] });
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
});
