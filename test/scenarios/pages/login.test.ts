import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';

const browser = useBrowser();
const stage = usePagesStage({ past: async (past) => void (await past.build({ service: 'app' })) });
const refused = { expected: [/401/] };

test('a visitor without a token sees the form and nothing else', async () => {
  const page = await browser.openPage(stage().at('/'), refused);
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  expect(await page.locator('main').innerText()).not.toContain('app');
  expect(await axeEverywhere(page)).toEqual([]);
});

test('a token logs in and is kept nowhere; logging out ends it', async () => {
  const page = await browser.openPage(stage().at('/'), refused);
  await page.getByLabel('Token').fill('no-such-token');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'No such token.' }).waitFor();
  await page.getByLabel('Token').fill(tokens.build);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'app', exact: true }).waitFor();
  expect(await page.locator('.account').innerText()).toContain('builder');
  const kept = await page.evaluate<string>(
    'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])',
  );
  expect(kept).not.toContain(tokens.build);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'slipway', httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(cookie?.value).not.toContain(tokens.build);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  expect((await page.request.get(stage().at('/api/v1/services'))).status()).toBe(401);
});

test('a call by cookie without the sign of a page changes nothing', async () => {
  const page = await browser.openPage(stage().at('/'), { token: tokens.build });
  const answer = await page.request.post(stage().at('/rebuild/app'));
  expect(answer.status()).toBe(403);
  expect(await answer.json()).toMatchObject({ code: 'csrf' });
  expect(await stage().stage.builds('&service=app')).toHaveLength(1);
});

test('an unknown address says so', async () => {
  const page = await browser.openPage(stage().at('/nothing/here'), { token: tokens.read, expected: [/404/] });
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
});

test('a chosen theme stays, and is there before the first paint', async () => {
  const page = await browser.openPage(stage().at('/'), { token: tokens.read });
  const back = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const light = await back();
  await page.getByLabel('Theme').selectOption('dark');
  const dark = await back();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await back()).toBe(dark);
});
