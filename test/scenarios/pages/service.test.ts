import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';

const browser = useBrowser();

const stage = usePagesStage({
  services: {
    app: {
      ...{ repository: 'abc/app', version: { value: '1.0' }, context: '.' },
      ...{ includedRegions: ['src/**'], excludedRegions: ['**/*.md'] },
    },
    quiet: { repository: 'abc/quiet' },
  },
});

const files = { 'docker/Dockerfile': 'FROM scratch\nCOPY src lib /\n', 'src/a': '1', 'lib/a': '1' };
const open = (name: string, token: string = tokens.build) =>
  browser.openPage(stage().at(`/services/${name}`), { token });

beforeAll(async () => {
  await stage().stage.push(files);
  await stage().stage.slipway.quiet();
  await stage().stage.push({ 'README.md': '1' });
  await stage().stage.slipway.quiet();
});

test('says how it stands, what covers each branch and why, how builds went, and the rules', async () => {
  const page = await open('app', tokens.read);
  const head = (await stage().stage.tip()).slice(0, 7);
  await page.locator('.stands').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/app – nothing to build/);
  expect(await page.locator('.stands').innerText()).toMatch(
    new RegExp(`^main is at ${head}; image 1\\.0-1-\\w{7} covers it\\. 1 path changed`),
  );
  const row = page.getByRole('row', { name: /main/ });
  await page.getByRole('columnheader', { name: 'Last build' }).waitFor();
  expect(await row.innerText()).toMatch(new RegExp(`${head}\\s+1\\.0-1-\\w{7}`));
  expect(await row.getByRole('link').getAttribute('href')).toContain(`/services/app/why/${head}`);
  expect(await page.locator('.decisions > li').count()).toBe(2);
  expect(await page.locator('.bars a').getAttribute('aria-label')).toMatch(/^main \w{7}: built, /);
  expect(await page.getByRole('region', { name: 'Rules' }).innerText()).toMatch(/src\/\*\*[^]*\*\*\/\*\.md/);
  const drift = page.getByRole('list', { name: 'Region drift' });
  await drift.waitFor();
  expect(await drift.innerText()).toMatch(/The Dockerfile copies lib, .* main, docker\/Dockerfile:2/);
  expect(await page.getByRole('button', { name: 'Rebuild…' }).count()).toBe(0);
  expect(await axeEverywhere(page)).toEqual([]);
});

test('a star is kept, and shows the service among mine', async () => {
  const page = await open('app');
  await page.getByRole('button', { name: 'Star app' }).click();
  await page.goto(stage().at('/?show=mine'));
  await page.locator('.service:visible').waitFor();
  expect(await page.locator('.service:visible .name').allInnerTexts()).toEqual(['app']);
});

test('by keyboard: asks what a push would get, then rebuilds, and the page of the build follows', async () => {
  const page = await open('app');
  await page.getByRole('button', { name: 'Rebuild…' }).waitFor();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Rebuild app' });
  await dialog.getByRole('button', { name: 'What would a push get?' }).press('Enter');
  await dialog.getByText('A push would get').waitFor();
  expect(await dialog.getByRole('status').innerText()).toMatch(/nothing to build/);
  expect(await axeEverywhere(page)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Commit' }).fill('not a commit');
  await dialog.getByRole('button', { name: 'Rebuild' }).click();
  expect(new URL(page.url()).pathname).toBe('/services/app');
  await dialog.getByRole('textbox', { name: 'Commit' }).fill('');
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Rebuild' }).click();
  await page.waitForURL(/\/builds\//);
  await stage().stage.slipway.quiet();
  const [, rebuilt] = await stage().stage.builds('&service=app');
  expect(rebuilt).toMatchObject({ id: page.url().split('/').at(-1), trigger: { kind: 'manual', by: 'builder' } });
});

test('one that was never built says so, and an unknown one is not found', async () => {
  const page = await open('quiet');
  await page.getByText('Nothing was decided yet.', { exact: false }).waitFor();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('never built');
  const none = await browser.openPage(stage().at('/services/none'), { token: tokens.read, expected: [/404/] });
  await none.getByRole('heading', { name: 'Not found' }).waitFor();
});
