import type { Page } from 'playwright-core';
import { axeEverywhere } from '../../support/axe.js';
import { useBrowser } from '../../support/chromium.js';
import { openDeployingPages, type DeployingPages } from '../../support/deploying-pages.js';
import { tokens } from '../../support/pages-stage.js';

const browser = useBrowser();
let stage: DeployingPages;
let [one, two] = ['', ''];

beforeAll(async () => {
  stage = await openDeployingPages({ approvals: 1 });
  one = await stage.release('one');
  await stage.reached(await stage.ask({ environment: 'staging', version: one }), 'succeeded');
  const first = await stage.ask({ environment: 'production', version: one });
  await stage.pages.stage.slipway.request('POST', `/api/v1/deployments/${first}/approve`);
  await stage.reached(first, 'succeeded');
  two = await stage.release('two');
});

afterAll(() => stage.close());

const open = (path: string, token: string = tokens.deploy, expected: readonly RegExp[] = []) =>
  browser.openPage(stage.pages.at(path), { token, expected });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const said = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const short = (tag: string) => tag.replace(/-[0-9a-f]{7}$/, '');
const idOf = (page: Page) => page.url().split('/').at(-1) ?? '';
const isDisabled = (page: Page, name: string) => button(page, name).isDisabled();

/** The page of the build that made the newest release. */
async function buildPage(): Promise<string> {
  const { releases } = await stage.pages.stage.slipway.get<{ releases: { buildId: string }[] }>('/api/v1/releases/app');
  return `/builds/${releases[0]?.buildId}`;
}

test('a deployment says what it would do, wants the name of a protected environment, and ends once somebody else approves', async () => {
  const page = await open(await buildPage());
  await button(page, 'Deploy…').click();
  await said(page, `staging: app ${one} → ${two}, 1 host; 1 commit.`);
  await page.getByLabel('Environment').selectOption('production');
  await said(page, `production: app ${one} → ${two}, 2 hosts, one after the other; 1 commit.`);
  await said(page, /0 of 1 approvals/);
  expect(await page.getByRole('row', { name: /environment\.WORD/ }).innerText()).toMatch(
    /one\s+two\s+docker\/compose\.yaml/,
  );
  // Promotion is by digest: what staging has is what production has already.
  await page.getByLabel(/^What staging has/).check();
  await said(
    page,
    `production: app ${one} again, 2 hosts, which have it already; the same digest runs in staging for 1 min.`,
  );
  await page.getByLabel(new RegExp(two)).check();
  await page.getByLabel('Ticket').fill('OPS-1');
  await said(page, `production: app ${one} → ${two}, 2 hosts, one after the other`);
  expect(await isDisabled(page, 'Deploy to production')).toBe(true);
  expect(await axeEverywhere(page)).toEqual([]);
  await page.getByLabel(/^Type production/).fill('production');
  await page.keyboard.press('Enter');

  await page.waitForURL(/\/deployments\/\w+$/);
  await said(page, /Needs approval: 0 of 1 approvals/);
  await said(page, 'Others have to approve what you asked for.');
  const waiting = await stage.reached(idOf(page), 'approval');
  expect(waiting).toMatchObject({ reference: 'OPS-1', reason: null, release: { tag: two } });

  const other = await open(`/deployments/${waiting.id}`, tokens.admin);
  await button(other, 'Approve').click();
  await said(other, `Deployed ${two} to 2 hosts`);
  // Live: nobody has touched this page.
  await said(page, `Deployed ${two} to 2 hosts`);
  expect(await page.locator('.hosts li').allInnerTexts()).toEqual(
    ['a', 'b'].map((host) => expect.stringMatching(new RegExp(`^${host}\\s+✓ done\\s+answers ${two}$`))),
  );
  await said(page, /^adminer \(/);
  await page.getByText(/^How release 2 is run/).click();
  await said(page, /^\+ .*WORD: "two"/);
  expect(await page.locator('.log').innerText()).toContain('a: pull the image');
  expect(await axeEverywhere(page)).toEqual([]);
});

test('a rollback goes to what ran before, past the gates', async () => {
  const [newest] = await stage.deployments();
  const page = await open(`/deployments/${newest?.id}`);
  await button(page, 'Roll back…').click();
  await said(page, `production: app ${two} → ${one}, 2 hosts, one after the other`);
  await page.getByLabel(/^Type production/).fill('production');
  await button(page, 'Roll back production').click();
  await page.waitForURL((url) => !url.pathname.endsWith(newest?.id ?? ''));
  await said(page, `Rolled back to ${one} on 2 hosts`);
  expect(await stage.reached(idOf(page), 'succeeded')).toMatchObject({ kind: 'rollback', release: { tag: one } });
});

test('a release that answers wrongly goes back, with why; it is deployed again only if somebody insists', async () => {
  stage.hosts.answer('0.9-1-abcdef0');
  const bad = await stage.ask({ environment: 'staging', version: two });
  // Refusals are on the console, too.
  const page = await open(`/deployments/${bad}`, tokens.deploy, [/409/]);
  await said(page, `Went back to ${one}`);
  stage.hosts.answer(null);
  const failure = page.getByRole('group', { name: 'Failure' });
  expect(await failure.innerText()).toMatch(/answers "0\.9-1-abcdef0" instead of .*\n+version-mismatch/);
  const steps = await page.locator('.steps li').filter({ hasText: '✕' }).allInnerTexts();
  expect(steps).toEqual([expect.stringContaining(`s: verify ${short(two)}`)]);
  const names = await page.locator('.steps .name').allInnerTexts();
  expect(names).toContain(`s: going back: put ${short(one)} in place`);
  // Both lead to the line that the error quotes, and mark it.
  const marked = page.locator('.ln.current');
  await failure.getByRole('link', { name: 'its log ↓' }).click();
  expect(await marked.innerText()).toMatch(/200 0\.9-1-abcdef0 \(expected /);
  await button(page, 'first error').click();
  expect(await marked.count()).toBe(1);
  await said(page, 'Users could reach it before host s went back.');
  // A new ticket proposes one that is not blocked.
  await button(page, 'Deploy…').click();
  await said(page, 'blocked here');
  await said(page, `staging: app ${one} again`);
  await page.getByRole('radio', { name: new RegExp(`^${two} release 2`) }).check();
  await said(page, 'Deploy another one, or tick the box below.');
  await page.keyboard.press('Escape');
  const before = (await stage.deployments()).length;
  await button(page, 'Retry…').focus();
  await page.keyboard.press('r');
  await said(page, `A new deployment brings ${two} release 2 to staging.`);
  // The block is said before anything is asked for.
  await said(page, `${two}, release 2, is blocked in staging: version-mismatch`);
  expect(await page.getByRole('link', { name: 'see that deployment' }).getAttribute('href')).toBe(
    `/deployments/${bad}`,
  );
  await page.keyboard.press('Escape');
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Retry…');
  expect(await stage.deployments()).toHaveLength(before);
  await page.keyboard.press('r');
  await said(page, 'Deploy another one, or tick the box below.');
  expect(await isDisabled(page, 'Deploy to staging')).toBe(true);
  await page.getByLabel('Deploy it although it is blocked').check();
  await page.getByLabel('Reason').fill('it is mended');
  // A second click asks for nothing more.
  await button(page, 'Deploy to staging').dblclick();
  await said(page, `Deployed ${two} to 1 host`);
  const after = await stage.deployments();
  expect(after).toHaveLength(before + 1);
  expect(after[0]).toMatchObject({ kind: 'deployment', reason: 'it is mended' });
}, 30_000);

test('a deployment is canceled by keyboard, after a question', async () => {
  const id = await stage.ask({ environment: 'production', version: two, force: true });
  await stage.reached(id, 'approval');
  const page = await open(`/deployments/${id}`);
  await said(page, /Needs approval/);
  await button(page, 'Cancel…').focus();
  await page.keyboard.press('c');
  await said(page, 'Nothing was replaced yet. What was prepared is removed.');
  await page.keyboard.press('Escape');
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Cancel…');
  expect(await stage.reached(id, 'approval')).toMatchObject({ status: 'pending' });
  await page.keyboard.press('c');
  await button(page, 'Cancel the deployment').press('Enter');
  await said(page, 'Canceled, and nothing was replaced');
  expect(await stage.reached(id, 'canceled')).toMatchObject({ status: 'canceled' });
});

test('a reader sees all of it and no button; the page goes on after the server was away', async () => {
  const id = await stage.ask({ environment: 'production', version: two, force: true });
  await stage.reached(id, 'approval');
  const page = await open(`/deployments/${id}`, tokens.read, [/ERR_|Failed to load/]);
  await said(page, /Needs approval/);
  await page.getByRole('heading', { name: 'What it changes' }).waitFor();
  const acts = await page.locator('.head').getByRole('button').allInnerTexts();
  expect(acts).toEqual([]);
  await stage.pages.restart();
  await stage.pages.stage.slipway.request('POST', `/api/v1/deployments/${id}/approve`);
  await said(page, `Deployed ${two} to 2 hosts`);
});
