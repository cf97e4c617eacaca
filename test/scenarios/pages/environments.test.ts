import type { Page } from 'playwright-core';
import { until } from '../../support/api-client.js';
import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { openDeployingPages, type DeployingPages } from '../../support/deploying-pages.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';
import { soon } from '../../support/soon.js';

const browser = useBrowser();
const window = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00', zone: 'UTC' }];
let stage: DeployingPages;
let [one, two] = ['', ''];

beforeAll(async () => {
  stage = await openDeployingPages({ window });
  one = await stage.release('one');
  await stage.reached(await stage.ask({ environment: 'production', version: one, reason: 'the first' }), 'succeeded');
  two = await stage.release('two');
  await stage.reached(await stage.ask({ environment: 'staging', version: two }), 'succeeded');
});
afterAll(() => stage.close());

const open = (path: string, token: string = tokens.deploy, expected: readonly RegExp[] = []) =>
  browser.openPage(stage.pages.at(path), { token, expected });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const said = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const short = (tag: string) => tag.replace(/-[0-9a-f]{7}$/, '');
const production = () => stage.hosts.of('production', 'a');
/** The container that runs on production's host a. */
const container = () => [...production().all].find(([, { status }]) => status === 'running')?.[0] ?? 'none';
const cell = (page: Page, index: number) => page.getByRole('row', { name: /^app/ }).getByRole('cell').nth(index);
const text = async (page: Page, index: number) => (await cell(page, index).innerText()).replace(/\s+/g, ' ');

test('the matrix says what runs where and what is behind, and what differs between two environments', async () => {
  const page = await open('/environments', tokens.read);
  await said(page, '1 service in 2 environments: 1 behind.');
  expect(await text(page, 0)).toBe(`${short(two)} ✓ runs what is wanted : runs what is wanted on 1 of 1 hosts`);
  expect(await text(page, 1)).toBe(`${short(one)} ↓ behind 1 : 1 newer release of main 2/2 hosts in step`);
  expect(await cell(page, 1).getAttribute('title')).toMatch(/sha256:\w+\nsince .* by deployer$/);
  await button(page, /^production: 2 hosts/).click();
  expect(await page.getByRole('columnheader').allInnerTexts()).toHaveLength(4);
  // What is said of all hosts together stays, beside the first.
  expect(await text(page, 1)).toBe(`${short(one)} ✓ runs what is wanted ↓ behind 1 : 1 newer release of main`);
  expect(await text(page, 2)).toBe(`${short(one)} ✓ runs what is wanted`);
  await page.getByText('What the marks mean').click();
  await said(page, 'its branch has that many newer releases');
  expect(page.url()).toMatch(/\?hosts=production$/);

  await page.getByLabel('compare').selectOption('staging');
  await page.getByLabel('with').selectOption('production');
  await said(page, 'production is 1 release behind');
  await said(page, '1 service that differ');
  await page.reload();
  await said(page, 'production is 1 release behind');
  expect(await axeEverywhere(page)).toEqual([]);
  await button(page, 'show all').click();
  const whole = page.url();
  await button(page, /^drifted 0/).click();
  await said(page, '0 of 1 service');
  await until('the address to follow', async () => page.url() !== whole);
  await button(page, 'all').click();
  await until('the address to follow again', async () => page.url() === whole);
  await page.keyboard.press('/');
  await page.keyboard.type('cart');
  await said(page, '0 of 1 service');
  await page.waitForURL(/filter=cart/);
});

test('a cell leads to its panel by keyboard, and back', async () => {
  const page = await open('/environments');
  await cell(page, 1).getByRole('link').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'app in production' });
  await panel.getByText('1 newer release of main').waitFor();
  expect(page.url()).toMatch(/\?cell=app%40production$/);
  await panel.getByRole('region', { name: 'Hosts of app in production' }).waitFor();
  await panel.getByText('the first').waitFor();
  await panel.getByRole('heading', { name: 'Newer on main' }).waitFor();
  await panel.getByText(short(two), { exact: true }).waitFor();
  production().say(container(), 'hello from the shop');
  await panel.getByText('Last lines of the containers').click();
  await panel.getByText('a | hello from the shop').waitFor();
  expect(await axeEverywhere(page)).toEqual([]);

  // Deploying from here goes through the dialog of deployments.
  await panel.getByRole('button', { name: 'deploy this…' }).click();
  await said(page, `production: app ${one} → ${two}`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });
  await page.waitForURL(/\/environments$/);
  expect(await page.evaluate<string>('document.activeElement.closest("tr")?.innerText ?? ""')).toContain('app');
});

test('a page that is open shows drift as it comes, also over a restart', async () => {
  const page = await open('/environments', tokens.deploy, [/ERR_|Failed to load resource/]);
  await said(page, '1 service in 2 environments: 1 behind.');
  const name = container();
  production().crash(name, 3);
  await said(page, 'is exited on a');
  expect(await text(page, 1)).toMatch(/≠ runs something else : not as wanted on a.* 1\/2 hosts in step$/);
  await stage.pages.restart();
  await said(page, '● live');
  await production().controls.start(production().all.get(name)?.id ?? '');
  await said(page, '1 service in 2 environments: 1 behind.');
});

test('who may deploy holds an environment, and acts in it after its name was typed', async () => {
  const page = await open('/environments/production');
  await said(page, '1 service on 2 hosts: 1 behind.');
  expect(await page.getByRole('rowheader', { name: 'app' }).first().getByRole('link').getAttribute('href')).toBe(
    '/services/app',
  );
  // What runs needs no way back to it.
  expect(
    await page
      .getByRole('row', { name: /succeeded/ })
      .first()
      .innerText(),
  ).toMatch(/release 1[^]*runs now/);
  await button(page, 'Hold…').click();
  await page.getByLabel('Reason').fill('invoicing');
  await button(page, 'Hold production').click();
  await said(page, 'held by deployer: “invoicing”, until it is lifted');
  const held = () => stage.pages.stage.slipway.get<{ hold: object | null }>('/api/v1/environments/production');
  expect((await held()).hold).toEqual({ by: 'deployer', reason: 'invoicing', until: null });
  expect(await axeEverywhere(page)).toEqual([]);
  await button(page, 'Lift the hold…').click();
  await said(page, 'Deployments that wait for it go on at once.');
  await page.keyboard.press('Escape');
  expect((await held()).hold).not.toBeNull();
  await button(page, 'Lift the hold…').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lift the hold' }).click();
  await button(page, 'Hold…').waitFor();
  await until('the hold to be lifted', async () => (await held()).hold === null);

  await page.getByLabel('Do something with app').selectOption('Restart');
  const dialog = page.getByRole('dialog', { name: 'Restart: app in production' });
  expect(await dialog.getByRole('button', { name: 'Restart in production' }).isDisabled()).toBe(true);
  await dialog.getByLabel(/^Type production/).fill('production');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/deployments\/\w+$/);
  const [newest] = await stage.deployments();
  expect(newest).toMatchObject({ kind: 'restart', id: page.url().split('/').at(-1) });
  await stage.reached(newest?.id ?? '', 'succeeded');
});

test('a deployment that failed is named on the page of the environment and of the service, with the way to it', async () => {
  stage.hosts.answer('0.9-1-abcdef0');
  const bad = await stage.ask({ environment: 'production', version: two });
  await stage.reached(bad, 'rolled-back');
  stage.hosts.answer(null);
  const words = `${short(two)} was rolled back and is blocked; ${short(one)} keeps running`;
  // There is nothing to roll back to, which the console says, too.
  const page = await open('/environments/production', tokens.deploy, [/409/]);
  await said(page, '1 service on 2 hosts: the newest deployment of 1 service failed; 1 behind.');
  await said(page, `app: ${words}.`);
  const link = page.getByRole('list', { name: 'What failed' }).getByRole('link');
  expect(await link.getAttribute('href')).toBe(`/deployments/${bad}`);
  // A dialog in a cell that does not wrap wraps its own text.
  await page.getByLabel('Do something with app').selectOption('Roll back');
  await said(page, /It passes window, approvals and hold/);
  const cut =
    "(() => { const it = document.querySelector('dialog[open]'); return it.scrollWidth > it.clientWidth; })()";
  expect(await page.evaluate<boolean>(cut)).toBe(false);
  await page.keyboard.press('Escape');
  // On a phone rows are cards: nothing stands beside the screen.
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = "[...document.querySelectorAll('.scroll')].filter((it) => it.scrollWidth > it.clientWidth).length";
  expect(await page.evaluate<number>(wide)).toBe(0);
  await page.goto(stage.pages.at('/environments'));
  await cell(page, 1).waitFor();
  expect(await page.evaluate<number>(wide)).toBe(0);
  await page.goto(stage.pages.at('/services/app'));
  expect(await page.getByRole('link', { name: words }).getAttribute('href')).toBe(`/deployments/${bad}`);
  expect(await axeEverywhere(page)).toEqual([]);
});

test('the page of an environment shows what containers are there, and what they write as they write it', async () => {
  const page = await open('/environments/production?logs=app&host=a', tokens.read);
  production().say(container(), 'one line');
  await said(page, 'a | one line');
  production().say(container(), 'and another');
  await said(page, 'a | and another');
  await page.getByText('on a', { exact: true }).click();
  const containers = page.getByRole('region', { name: 'Containers on a' });
  await containers.getByText('app, release 1').first().waitFor();
  // Those who only read are shown no way to act.
  expect(await page.getByRole('button', { name: /Hold|Deploy|back to/ }).count()).toBe(0);
  expect(await page.getByLabel('Do something with app').count()).toBe(0);
});

test('of output without an end the newest lines stay, with their numbers', async () => {
  const page = await open('/environments/production', tokens.read);
  const body = Array.from({ length: 115_000 }, (_, index) => `a | number ${index + 1}\n`).join('');
  let isFirst = true;
  // The page asks again once the answer has ended. Nothing more comes then.
  await page.route('**/services/app/logs?**', async (route) => {
    if (isFirst) await route.fulfill({ body, contentType: 'text/plain' });
    isFirst = false;
  });
  await page.getByRole('region', { name: 'Output' }).getByRole('combobox').selectOption('app');
  const log = page.getByRole('log');
  await soon(() => log.getAttribute('data-lines'), '115000');
  // Older ones go some thousands at a time.
  await page.getByText(/10\d,\d{3} lines, older ones are gone/).waitFor();
  const text = (await log.textContent()) ?? '';
  const has = (number: number) => new RegExp(`number ${number}(?!\\d)`).test(text);
  expect([has(1), has(5_000), has(15_201), has(114_999)]).toEqual([false, false, true, true]);
});

describe('without environments', () => {
  const empty = usePagesStage({ anonymousRead: true });

  test('the page says what one is, and how to begin', async () => {
    const page = await browser.openPage(empty().at('/environments'));
    await said(page, 'No environments yet');
    await until('a snippet', async () => (await page.getByText('deploy: { environments: [staging] }').count()) === 1);
    expect(await axeEverywhere(page)).toEqual([]);
  });
});
