import type { Page } from 'playwright-core';
import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';

const browser = useBrowser();

const stage = usePagesStage({
  services: {
    app: { repository: 'abc/app', version: { value: '1.0' } },
    silent: { repository: 'abc/silent' },
  },
  past: async ({ store }) => store.moments.note('refused invalid-signature', Date.now() - 60_000),
});

const openSystem = (token: string = tokens.admin) => browser.openPage(stage().at('/system'), { token });
const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });

test('what is wrong comes first, with what to do', async () => {
  const { fakes } = stage().stage;
  const page = await openSystem(tokens.read);
  await page.getByText('Everything is well.').waitFor();
  fakes.fake.setAway(true);
  stage().stage.clock.leap(10_000);
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('Registry needs attention.').waitFor();
  const check = page.locator('[data-check="registry"]');
  expect(await check.innerText()).toMatch(/Registry[^]*Check that the registry runs/);
  expect(await check.locator('.state').getAttribute('data-state')).toBe('fault');
  expect(await axeEverywhere(page)).toEqual([]);
  fakes.fake.setAway(false);
});

test('webhooks, disk and versions', async () => {
  const page = await openSystem(tokens.read);
  await row(page, /abc\/silent/).waitFor();
  expect(await row(page, /abc\/silent/).innerText()).toMatch(/silent\s+abc\/silent\s+never/);
  expect(await page.getByRole('list', { name: 'Refused requests' }).innerText()).toContain('github.webhookSecrets');
  expect(await page.locator('.versions').innerText()).toContain('28.5.2');
  await page.getByText(/ are free\./).waitFor();
  await stage().stage.push({ 'docker/Dockerfile': 'FROM scratch\nCOPY . /\n' });
  await row(page, /heard abc\/app/).waitFor();
});

test('tokens and the audit list are for administrators, and no token is shown', async () => {
  const { slipway } = stage().stage;
  await slipway.post('/rebuild/app', {});
  const reader = await openSystem(tokens.read);
  await reader.getByRole('heading', { name: 'Versions' }).waitFor();
  expect(await reader.getByRole('heading', { name: /Tokens|Audit/ }).count()).toBe(0);
  const page = await openSystem();
  await row(page, /POST \/rebuild\/app/).waitFor();
  expect(await row(page, /POST \/rebuild\/app/).innerText()).toMatch(/adminer\s+POST \/rebuild\/app\s+✓ 202/);
  expect(await row(page, /^deployer/).innerText()).toMatch(
    /deployer\s+deploy\s+all environments\s+not since the start\s+never/,
  );
  await page.getByRole('textbox', { name: 'Token' }).fill('builder');
  await page.getByRole('textbox', { name: 'Token' }).press('Enter');
  await page.getByText('No call that acts is listed.').waitFor();
  const text = await page.content();
  for (const token of Object.values(tokens)) expect(text).not.toContain(token);
  expect(await axeEverywhere(page)).toEqual([]);
});
