import { axeEverywhere } from '../../support/axe.js';
import { SECRET, until } from '../../support/api-client.js';
import { useBrowser } from '../../support/chromium.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';
import { signature, signed } from '../../support/webhook-request.js';

const browser = useBrowser();
const [before, after] = ['7e56158', 'c1a2b3d'].map((start) => start.padEnd(40, 'a')) as [string, string];
const excluded = 'README.md is excluded by **/*.md.';

const stage = usePagesStage({
  anonymousRead: true,
  services: { app: { repository: 'abc/app', version: { value: '1.0' } }, shop: { repository: 'abc/shop' } },
  past: async (past) => {
    await past.delivery({ id: 'd-java', repository: 'abc/java', before, after });
    const waits = { code: 'waiting-for-artifact', message: 'Branch main has no artifact yet.' } as const;
    await past.skip({ service: 'java', deliveryId: 'd-java', commit: after, reason: waits });
    past.pass(60_000);
    await past.delivery({ id: 'd-shop', repository: 'abc/shop', before, after });
    await past.build({ service: 'shop', repository: 'abc/shop', deliveryId: 'd-shop', commit: after });
    await past.skip({ service: 'app', deliveryId: 'd-shop', commit: after, reason: { message: excluded } });
    past.pass(60_000);
    await past.skip({ service: 'app', reason: { message: 'Found without a webhook.' } });
    past.pass(60_000);
    await past.delivery({
      id: 'd-old',
      repository: 'abc/old',
      before,
      status: 'ignored',
      reason: 'repository-not-configured',
    });
  },
});

const open = (query = '', token: string = tokens.build) =>
  browser.openPage(stage().at(`/deliveries${query}`), { token });

test('one line for each push, between them what the sweep found, unfolded by keyboard', async () => {
  const page = await open();
  const rows = page.locator('.ledger > li');
  await rows.first().waitFor();
  const texts = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  expect(texts).toEqual([
    expect.stringMatching(/push abc\/old .* ignored: no service uses the repository$/),
    expect.stringMatching(/found by the sweep app main \w{7} by ada → – nothing to build$/),
    expect.stringMatching(/push abc\/shop main 7e56158\.\.c1a2b3d by ada → ✓ 1 build, 1 nothing to build$/),
    expect.stringMatching(/push abc\/java .* ⧗ 1 waits for an artifact$/),
  ]);
  for (const key of ['j', 'j', 'j', 'Enter']) await page.keyboard.press(key);
  const decisions = rows.nth(2).getByRole('list', { name: 'Decisions' });
  await decisions.waitFor();
  expect(await decisions.innerText()).toContain(excluded);
  expect(await decisions.getByRole('link', { name: 'Why: app c1a2b3d' }).getAttribute('href')).toMatch(
    new RegExp(`^/services/app/why/${after}\\?branch=main&decision=\\d+$`),
  );
  expect(await axeEverywhere(page)).toEqual([]);
});

test('a push that waits for an artifact says so, and is among those that wait', async () => {
  const page = await open('?result=waiting');
  const row = page.locator('.ledger > li');
  await row.getByText('1 waits for an artifact').waitFor();
  expect(await row.count()).toBe(1);
  expect((await row.innerText()).replace(/\s+/g, ' ')).toMatch(/push abc\/java main 7e56158\.\.c1a2b3d by ada/);
  const one = await open('?delivery=d-java');
  await one.getByText('1 waits for an artifact').waitFor();
  expect(await one.locator('summary').innerText()).toContain('by ada');
});

test('filters live in the address', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'ignored' }).click();
  await page.waitForURL(/result=ignored/);
  await until('one row', async () => (await page.locator('.ledger > li').count()) === 1);
  const again = await open('?repository=abc/shop&commit=c1a2');
  await again.getByText('7e56158..c1a2b3d').waitFor();
  expect(await again.locator('.ledger > li').count()).toBe(1);
  await again.getByRole('combobox', { name: 'Repository' }).fill('abc/none');
  await again.keyboard.press('Enter');
  await again.getByText('No repository is named abc/none.').waitFor();
  await again.getByRole('combobox', { name: 'Repository' }).fill('SHOP');
  await again.keyboard.press('Enter');
  await again.waitForURL(/repository=abc%2Fshop/);
  await again.getByText('7e56158..c1a2b3d').waitFor();
  const hints = again.locator('#all-repositories option');
  expect(await hints.evaluateAll((all) => all.map((one) => one.getAttribute('value')))).toEqual([
    'abc/app',
    'abc/shop',
  ]);
});

test('a push shows by itself, and a delivery is replayed by who may build', async () => {
  const page = await open();
  await page.locator('.ledger > li').first().waitFor();
  await stage().stage.begin();
  await page.getByText(/new branch main at/).waitFor();
  const one = await open('?delivery=d-shop');
  await one.getByRole('button', { name: 'Replay' }).click();
  await one.getByText('It will be looked at again.').waitFor();
  const replays = () => stage().stage.slipway.log.lines.filter(({ message }) => message === 'replay asked for');
  expect(replays()).toContainEqual(expect.objectContaining({ bindings: { delivery: 'd-shop', by: 'builder' } }));
  const reader = await open('?delivery=d-shop', tokens.read);
  await reader.getByText(excluded).waitFor();
  expect(await reader.getByRole('button', { name: 'Replay' }).count()).toBe(0);
});

test('a refused webhook is shown with its remedy, and its address only to who logged in', async () => {
  const page = await open();
  await page.locator('.ledger > li').first().waitFor();
  await fetch(stage().at('/webhooks/github'), { method: 'POST', body: '{}' });
  const refused = page.getByRole('list', { name: 'Refused webhooks' });
  await refused.waitFor();
  expect(await refused.innerText()).toMatch(
    /1 webhook refused from 127\.0\.0\.1[^]*invalid-signature[^]*webhookSecrets/,
  );
  const anonymous = await browser.openPage(stage().at('/deliveries'));
  await anonymous.getByRole('list', { name: 'Refused webhooks' }).waitFor();
  expect(await anonymous.locator('.refused').innerText()).not.toContain('127.0.0.1');
});

describe('before anything was pushed', () => {
  const empty = usePagesStage();

  test('it says what to enter at GitHub, and hears the first ping', async () => {
    const page = await browser.openPage(empty().at('/deliveries'), { token: tokens.read });
    await page.getByText('waiting for the first ping').waitFor();
    expect(await page.locator('.empty').innerText()).toContain(empty().at('/webhooks/github'));
    expect(await axeEverywhere(page)).toEqual([]);
    const { headers, payload } = signed('ping', {}, { 'x-hub-signature-256': signature('{}', SECRET) });
    const answer = await fetch(empty().at('/webhooks/github'), { method: 'POST', headers, body: payload });
    expect(answer.status).toBe(200);
    await page.getByText('heard from GitHub').waitFor();
  });
});
