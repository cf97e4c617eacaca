import type { Page } from 'playwright-core';
import { until } from '../../support/api-client.js';
import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { dockerfile } from '../../support/fake-stage.js';
import { tokens, usePagesStage } from '../../support/pages-stage.js';

const browser = useBrowser();

const stage = usePagesStage({
  services: {
    app: { repository: 'abc/app', version: { value: '1.0' } },
    ...Object.fromEntries(['cart', 'shop'].map((name) => [name, { repository: 'abc/other', path: name }])),
  },
  past: async (past) => {
    for (let index = 0; index < 70; index += 1) {
      await past.build({ service: index % 2 === 0 ? 'cart' : 'shop', repository: 'abc/other', tag: `1.0-${index}` });
      past.pass(60_000);
    }
    const failed = { step: '[3/7] RUN npm ci', message: 'exit code 1' };
    await past.build({
      service: 'cart',
      repository: 'abc/other',
      branch: 'release/1.0',
      commit: 'abcd'.repeat(10),
      failed,
    });
  },
});

const openBuilds = (query = '', token: string = tokens.build) =>
  browser.openPage(stage().at(`/builds${query}`), { token });
const history = (page: Page) => page.getByRole('list', { name: 'Builds that are over' }).getByRole('listitem');
const listed = (page: Page, count: number) =>
  until(`${count} builds in the history`, async () => (await history(page).count()) === count);
const running = (page: Page) => page.getByRole('list', { name: 'Running builds' }).getByRole('listitem');
const waiting = (page: Page) => page.getByRole('list', { name: 'Waiting builds' }).getByRole('listitem');

test('history comes page by page, newest first', async () => {
  const page = await openBuilds();
  await page.getByText('Nothing runs, and nothing waits.').waitFor();
  await history(page).first().waitFor();
  expect(await history(page).first().innerText()).toMatch(
    /cart\s+release\/1\.0\s+abcdabc\s+\[3\/7\] RUN npm ci: exit code 1\s+1:00/,
  );
  expect(await history(page).nth(1).innerText()).toContain('1.0-69');
  expect(await history(page).count()).toBe(50);
  await page.getByRole('button', { name: 'Show older builds' }).click();
  await listed(page, 71);
  expect(await page.getByRole('button', { name: 'Show older builds' }).count()).toBe(0);
});

test('filters live in the address, and a keyboard is enough', async () => {
  const page = await openBuilds('?commit=abcd');
  await history(page).first().waitFor();
  expect(await history(page).count()).toBe(1);
  await page.getByRole('link', { name: 'Show all' }).click();
  await listed(page, 50);
  await page.keyboard.press('/');
  await page.keyboard.type('Sho');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/builds\?service=shop$/);
  await listed(page, 35);
  await page.getByRole('combobox', { name: 'Status' }).selectOption('failed');
  await page.getByText('No build that is over fits the filter.').waitFor();
  expect(new URL(page.url()).search).toBe('?service=shop&status=failed');
  await page.getByRole('combobox', { name: 'Service' }).fill('stor');
  await page.getByRole('combobox', { name: 'Service' }).press('Enter');
  await page.getByText('No service is named stor.').waitFor();
  await page.getByRole('combobox', { name: 'Service' }).fill('');
  await page.getByRole('combobox', { name: 'Service' }).press('Enter');
  await page.waitForURL(/\/builds\?status=failed$/);
  await listed(page, 1);
  await page.getByRole('heading', { name: 'History' }).click();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/builds\/[\w-]+$/);
});

test('what runs and what waits is live, says why, and can be canceled by who may', async () => {
  const { stage: at } = stage();
  const [page, reader] = [await openBuilds(), await openBuilds('', tokens.read)];
  await page.getByText('● live').waitFor();
  at.hold();
  await at.underway(await at.push({ 'docker/Dockerfile': dockerfile, 'src/a.txt': '1' }));
  await page.getByText('1 build runs.').waitFor();
  await running(page).getByText('build', { exact: true }).waitFor();
  expect(await running(page).innerText()).toMatch(/app\s+main\s+[0-9a-f]{7}\s+build\s+\d/);
  const [first = ''] = (await at.builds('&service=app&status=running')).map(({ id }) => id);
  await at.slipway.post('/rebuild/app', {});
  await page.getByText('1 build runs, 1 waits.').waitFor();
  expect(await waiting(page).innerText()).toContain(`Build ${first} of app is running.`);
  expect(await waiting(page).innerText()).toContain('place 1');
  expect(await axeEverywhere(await openBuilds('?service=app'))).toEqual([]);

  await reader.getByText('1 build runs, 1 waits.').waitFor();
  expect(await reader.getByRole('button', { name: 'Cancel app' }).count()).toBe(0);
  await waiting(page).getByRole('button', { name: 'Cancel app' }).click();
  await reader.getByText('1 build runs.', { exact: true }).waitFor();
  await until('a canceled build', async () => (await at.builds('&service=app&status=canceled')).length === 1);
  await running(page).getByRole('button', { name: 'Cancel app' }).click();
  await reader.getByText('Nothing runs, and nothing waits.').waitFor();
  await at.release();
  expect(await history(page).first().innerText()).toContain('Canceled.');
});
