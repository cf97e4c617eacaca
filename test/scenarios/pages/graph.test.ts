import type { Page } from 'playwright-core';
import { axeEverywhere } from '../../support/axe.js';
import { phone, useBrowser } from '../../support/chromium.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';

const browser = useBrowser();
const on = (name: string) => `registry.test:5000/${name}:main`;

/** Each service with what its Dockerfile begins with. `apart` has no cascade, and `left` and `right` are a circle. */
const layout: Readonly<Record<string, string>> = {
  jdk: 'scratch',
  'java-base': on('jdk'),
  cart: on('java-base'),
  shop: on('java-base'),
  apart: on('java-base'),
  theme: on('shop'),
  left: on('right'),
  right: on('left'),
  alone: 'scratch',
};

const stage = usePagesStage({
  services: Object.fromEntries(
    Object.keys(layout).map((name) => [
      name,
      { repository: 'abc/app', path: name, branches: ['main'], version: { value: '1.0' }, cascade: name !== 'apart' },
    ]),
  ),
});

beforeAll(async () => {
  await stage().stage.push(
    Object.fromEntries(
      Object.entries(layout).map(([name, from]) => [`${name}/Dockerfile`, `FROM ${from}\nCOPY . /\n`]),
    ),
  );
  await stage().stage.slipway.quiet();
});

const openGraph = (query = '', options = {}) =>
  browser.openPage(stage().at(`/graph${query}`), { token: tokens.read, ...options });
const node = (page: Page, name: string) => page.locator(`.node[data-service="${name}"]`);
const named = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => all.map((one) => one.getAttribute('data-service')).sort());

test('a service that is pointed at lights up what stands on it, and says what it would rebuild', async () => {
  const page = await openGraph();
  await node(page, 'java-base').waitFor();
  await page.getByText('8 services; 1 other stands alone').waitFor();
  expect(await node(page, 'alone').count()).toBe(0);
  expect(await node(page, 'jdk').textContent()).toMatch(/jdk[^]*1\.0-1-/);
  const left = async (name: string) => (await node(page, name).boundingBox())?.x ?? NaN;
  expect(await left('jdk')).toBeLessThan(await left('java-base'));
  await node(page, 'java-base').hover();
  await page.getByText('java-base: 4 services on it; a new image would rebuild 3 services.').waitFor();
  expect(await named(page, '.node.lit')).toEqual(['apart', 'cart', 'java-base', 'shop', 'theme']);
  await page.mouse.move(0, 0);
  await node(page, 'shop').focus();
  await page.getByText('shop: 1 service on it; a new image would rebuild 1 service.').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/services\/shop$/);
});

test('circles are red and said in words, and the filter draws neighbours', async () => {
  const page = await openGraph();
  await page.getByRole('heading', { name: 'A circle' }).waitFor();
  expect(await page.locator('.circles').innerText()).toMatch(/(left|right) \(main\) → (left|right) \(main\) → /);
  expect(await named(page, '.node.circle')).toEqual(['left', 'right']);
  await page.keyboard.press('/');
  await page.keyboard.type('theme');
  await page.getByText('1 service and 2 near by').waitFor();
  expect(await named(page, '.node')).toEqual(['java-base', 'shop', 'theme']);
  await page.waitForURL(/\/graph\?filter=theme$/);
  expect(await axeEverywhere(await openGraph())).toEqual([]);
});

test('the list says the same, and is what a phone shows', async () => {
  const page = await openGraph('', { viewport: phone });
  const list = page.getByRole('list', { name: 'Base images, and what stands on them' });
  await list.waitFor();
  expect(await list.locator(':scope > li').first().innerText()).toMatch(/jdk[^]*would rebuild 4 services[^]*java-base/);
  expect(await list.innerText()).toContain('see above');
  expect(await axeEverywhere(page)).toEqual([]);
  await page.getByRole('button', { name: 'picture' }).click();
  await node(page, 'jdk').waitFor();
  expect(new URL(page.url()).search).toBe('?view=picture');
});
