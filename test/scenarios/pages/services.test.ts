import type { Page } from 'playwright-core';
import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { dockerfile } from '../../support/fake-stage.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';
import { soon } from '../../support/soon.js';

const browser = useBrowser();
const names = ['cart', 'orders', 'shop'];

const stage = usePagesStage({
  services: {
    app: { repository: 'abc/app', version: { value: '1.0' } },
    ...Object.fromEntries(names.map((name) => [name, { repository: `abc/${name}` }])),
  },
  past: async (past) => {
    for (const service of names) {
      await past.build({ service, repository: `abc/${service}`, tag: '2.1.0-2-7f0738b' });
      past.pass(60_000);
    }
    await past.build({ service: 'cart', repository: 'abc/cart', failed: { step: '[3/7] RUN npm ci' } });
    const message = 'Nothing to build: README.md is excluded by **/*.md.';
    await past.skip({
      service: 'shop',
      repository: 'abc/shop',
      reason: { code: 'only-excluded-paths-changed', message },
    });
  },
});

const openServices = (query = '', token: string = tokens.build) => browser.openPage(stage().at(`/${query}`), { token });
const shown = (page: Page) => page.locator('.service:visible .name').allInnerTexts();
const row = (page: Page, name: string) => page.locator(`.service[data-service="${name}"]`);

test('what fails comes first, with the newest sentence of each service', async () => {
  const page = await openServices();
  await row(page, 'cart').waitFor();
  expect(await shown(page)).toEqual(['cart', 'app', 'orders', 'shop']);
  expect(await row(page, 'cart').innerText()).toContain('[3/7] RUN npm ci');
  expect(await row(page, 'cart').locator('.state').getAttribute('data-state')).toBe('failed');
  expect(await row(page, 'shop').innerText()).toContain('README.md is excluded by **/*.md');
  expect(await row(page, 'shop').innerText()).toContain('2.1.0-2-7f0738b');
  expect(await row(page, 'orders').locator('.strip').getAttribute('aria-label')).toBe('Last: 1 built');
  expect(await page.locator('.counts').innerText()).toMatch(/1 failing\s+2 up to date\s+1 never built/);
});

test('a filter lives in the address, and typing asks the server nothing', async () => {
  const page = await openServices();
  await row(page, 'cart').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.keyboard.press('/');
  await page.keyboard.type('abc/o');
  await page.waitForURL(/filter=abc%2Fo/);
  await soon(() => shown(page), ['orders']);
  expect(asked).toEqual([]);
  const again = await openServices(new URL(page.url()).search);
  await row(again, 'orders').waitFor();
  expect(await shown(again)).toEqual(['orders']);
  await again.getByRole('button', { name: '1 failing' }).click();
  await soon(() => shown(again), ['cart']);
});

test('a keyboard is enough: to a row, into its page, and back', async () => {
  const page = await openServices();
  await row(page, 'cart').waitFor();
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('app');
  await page.keyboard.press('x');
  expect(await row(page, 'app').getByRole('checkbox').isChecked()).toBe(true);
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Next row').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await page.waitForURL(/\/builds$/);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await row(page, 'cart').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('order');
  await page.getByRole('option', { name: 'orders' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/services\/orders$/);
  await page.getByRole('button', { name: 'Rebuild…' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('rebuild');
  await page.getByRole('option', { name: 'Rebuild key r' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /Rebuild/ }).waitFor();
});

test('nothing that axe finds: in light, in dark, on a phone', async () => {
  const page = await openServices();
  await row(page, 'cart').waitFor();
  expect(await axeEverywhere(page)).toEqual([]);
});

test('marked services are rebuilt by who may; others have no button', async () => {
  const { stage: at } = stage();
  await at.push({ 'docker/Dockerfile': dockerfile, 'src/a.txt': '1' });
  await at.slipway.quiet();
  const reader = await openServices('', tokens.read);
  await row(reader, 'app').waitFor();
  expect(await reader.getByRole('button', { name: /Rebuild/ }).count()).toBe(0);
  const page = await openServices();
  await row(page, 'app').getByRole('checkbox').check();
  // The key works as soon as its button is there.
  await page
    .getByRole('button', { name: /Rebuild/ })
    .first()
    .waitFor();
  await page.keyboard.press('r');
  await page.getByRole('dialog').getByRole('button', { name: 'Rebuild' }).click();
  await at.until('a build that was asked for', async () =>
    (await at.builds('&service=app')).some(({ trigger }) => trigger.kind === 'manual'),
  );
});

test('a running build is seen at once, and a server that starts again is found', async () => {
  const { stage: at } = stage();
  const expected = [/Failed to load resource/, /ERR_/];
  const page = await browser.openPage(stage().at('/'), { token: tokens.read, expected });
  await page.locator('[data-connection="live"]').waitFor();
  at.hold();
  await at.underway(await at.push({ 'src/a.txt': '2' }));
  await row(page, 'app').locator('[data-state="running"]').waitFor();
  await at.release();
  await row(page, 'app').locator('[data-state="built"]').waitFor();
  await stage().stop();
  await page.locator('[data-connection="lost"]').waitFor();
  expect(await row(page, 'app').isVisible()).toBe(true);
  await stage().start();
  await at.push({ 'docker/Dockerfile': 'FROM scratch\nCOPY nothing /\n' });
  await page.locator('[data-connection="live"]').waitFor();
  await row(page, 'app').locator('[data-state="failed"]').waitFor();
});
