import type { Page } from 'playwright-core';
import { SECRET } from '../../support/api-client.js';
import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { dockerfile } from '../../support/fake-stage.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';
import { soon } from '../../support/soon.js';

const registry = 'registry.test:5000';
const service = (path: string, version: string, more: object = {}) => ({
  ...{ repository: 'abc/app', path, branches: ['main'], version: { value: version } },
  ...more,
});
const browser = useBrowser();
const stage = usePagesStage({
  services: {
    shop: service('services/shop', '1.0.1', { excludedRegions: ['**/*.txt', '**/*.md'] }),
    cart: service('services/cart', '2.0.0'),
    'java-base': service('bases/java', '17.4'),
  },
  config: { github: { webhookSecrets: [SECRET], cloneUrl: 'https://github.com/{repository}.git' } },
});

/** Pushes, and waits until all that follows is built. Resolves with the commit. */
async function pushed(files: Readonly<Record<string, string>>): Promise<string> {
  const { stage: at } = stage();
  await at.push(files);
  await at.slipway.quiet();
  return at.tip();
}

const short = (commit: string) => commit.slice(0, 7);

async function openWhy(path: string, token: string = tokens.build, expected: readonly RegExp[] = []): Promise<Page> {
  const page = await browser.openPage(stage().at(`/services/${path}`), { token, expected });
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}
const sentence = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

let built: string;
let skipped: string;
beforeAll(async () => {
  built = await pushed({
    'services/shop/Dockerfile': `FROM ${registry}/java-base:main\nCOPY . /shop\n`,
    'services/shop/src/App.java': '1',
    'services/cart/Dockerfile': dockerfile,
    'bases/java/Dockerfile': dockerfile,
  });
  skipped = await pushed({ 'services/shop/README.md': 'More words.' });
});

test('a skip says why, what was compared, what covers it, and which rules were asked', async () => {
  const page = await openWhy(`shop/why/${skipped.slice(0, 8)}`);
  expect(await sentence(page)).toContain(
    `Nothing was built for shop at ${short(skipped)}, because the one path that changed is excluded.`,
  );
  expect(await page.getByRole('row', { name: /README/ }).innerText()).toMatch(
    /excluded by \*\*\/\*\.md\s+services\.shop\.excludedRegions\[1\]/,
  );
  const facts = page.locator('.facts');
  const text = await facts.innerText();
  expect(text).toContain(`${short(built)} (image 1.0.1-1-${short(built)}) → ${short(skipped)}`);
  expect(text).toContain('has everything of this commit that counts');
  expect(text).toMatch(/Rule\s+only excluded paths changed only-excluded-paths-changed/);
  expect(text).not.toContain('Recorded');
  expect(await facts.getByRole('link', { name: 'diff on GitHub' }).getAttribute('href')).toBe(
    `https://github.com/abc/app/compare/${built}...${skipped}`,
  );
  expect(await page.locator('.ladder [data-held="yes"]').innerText()).toContain('only excluded paths changed');
  expect(await page.locator('.ladder [data-held="not-asked"]').count()).toBe(1);
  expect(await page.getByRole('region', { name: 'The same push' }).innerText()).toContain('cart');
  expect(await axeEverywhere(page)).toEqual([]);
});

test('a path is tried by keyboard, and the page of a service of the same push is a key away', async () => {
  const page = await openWhy(`shop/why/${skipped}`, tokens.read, [/400/]);
  expect(await page.getByRole('button', { name: /Build it/ }).count()).toBe(0);
  const path = page.getByLabel('Path from the root of the repository');
  await path.fill('services/shop/new/notes.md');
  await path.press('Enter');
  await page.getByText('It would not count, because **/*.md excludes it.').waitFor();
  await path.fill('services/shop/src/New.java');
  await path.press('Enter');
  await page.getByText('It would count, because services/shop/** includes it.').waitFor();
  await path.fill('../elsewhere');
  await path.press('Enter');
  await page.getByText('is no path of a file in a repository').waitFor();
  await path.blur();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByText(`Nothing was built for cart at ${short(skipped)}`).waitFor();
});

test('a commit that was pushed with a later one says so; one that was never decided on says that', async () => {
  const { stage: at } = stage();
  const between = await at.repo.commit({ files: { 'services/shop/NEWS.md': 'One.' } });
  const head = await pushed({ 'services/shop/NEWS.md': 'Two.' });
  const page = await openWhy(`shop/why/${between}`);
  expect(await page.locator('.why .bar').innerText()).toContain(
    `${short(between)} was pushed together with later commits. The decision is about the last of them, ${short(head)}.`,
  );
  const url = stage().at(`/services/shop/why/${'e'.repeat(40)}`);
  const none = await browser.openPage(url, { token: tokens.read, expected: [/404/] });
  await none.getByRole('heading', { name: 'Not found' }).waitFor();
});

test('a base image is named with its build; the skip is built all the same by a key', async () => {
  const base = await pushed({ 'bases/java/new': '2' });
  const page = await openWhy(`shop/why/${base}`);
  expect(await sentence(page)).toBe(
    `shop was built at ${short(base)}, because its base java-base got 17.4-5-${short(base)}.`,
  );
  await page.locator('.facts').getByRole('link', { name: 'java-base' }).waitFor();

  const skip = await openWhy(`cart/why/${skipped}`);
  await skip.keyboard.press('r');
  await skip.waitForURL(/\/builds\//);
  await skip.getByText(/Built .* in/).waitFor();
  const toWhy = skip.locator('.facts').getByRole('link').first();
  await soon(async () => /&decision=\d+$/.test((await toWhy.getAttribute('href')) ?? ''), true);
  const again = await openWhy(`cart/why/${skipped}`);
  expect(await sentence(again)).toBe(`cart was built at ${short(skipped)}, because builder asked for a rebuild.`);
  expect(await again.getByRole('link', { name: 'The build' }).getAttribute('href')).toBe(new URL(skip.url()).pathname);
  await again.getByRole('link', { name: '1 other decision about this commit' }).click();
  const others = again.getByRole('list', { name: '1 other decision about this commit' });
  expect(await others.innerText()).toMatch(/nothing to build[^]*push/);
  await others.getByRole('link', { name: 'Why' }).click();
  await again.getByText(`Nothing was built for cart at ${short(skipped)}`).waitFor();
  expect(new URL(again.url()).search).toMatch(/^\?branch=main&decision=\d+$/);
  await again
    .getByRole('list', { name: '1 other decision about this commit' })
    .getByText('builder asked for a rebuild.')
    .waitFor();
  const unknown = stage().at(`/services/cart/why/${skipped}?decision=999999`);
  const none = await browser.openPage(unknown, { token: tokens.read, expected: [/404/] });
  await none.getByRole('heading', { name: 'Not found' }).waitFor();
});
