/** What axe finds on a page (https://github.com/dequelabs/axe-core): faults that keep people from reading or using it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Result } from 'axe-core';
import type { CDPSession, Page } from 'playwright-core';
import { memo } from '../../src/memo.js';
import { desktop, phone } from './chromium.js';

const program = memo(() => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));

/** Violations of all rules of axe in the page as it is shown now, one line for each element. */
export async function axe(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    // A world of its own: the page's scripts see nothing of axe, and its Content-Security-Policy does not stop it.
    const { frameTree } = await session.send('Page.getFrameTree');
    const world = { frameId: frameTree.frame.id, worldName: 'axe' };
    const { executionContextId } = await session.send('Page.createIsolatedWorld', world);
    await run(session, executionContextId, `${program()};null`);
    const found = await run(
      session,
      executionContextId,
      `axe.run().then(({ violations }) => JSON.stringify(violations))`,
    );
    return (JSON.parse(found) as Result[]).flatMap(lines);
  } finally {
    await session.detach();
  }
}

async function run(session: CDPSession, contextId: number, expression: string): Promise<string> {
  const asked = { expression, contextId, awaitPromise: true, returnByValue: true };
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', asked);
  if (exceptionDetails === undefined) return result.value as string;
  throw new Error(`axe: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
}

const lines = ({ id, impact, help, nodes }: Result): string[] =>
  nodes.map(({ target, failureSummary = '' }) => {
    const why = failureSummary.replace(/^Fix [^:]*:\s*/, '').replace(/\s*\n\s*/g, '; ');
    return `${id} (${impact}): ${target.flat(2).join(' ')}: ${help}: ${why}`;
  });

const ways = [
  { name: 'light', colorScheme: 'light', viewport: desktop },
  { name: 'dark', colorScheme: 'dark', viewport: desktop },
  { name: 'dark on a phone', colorScheme: 'dark', viewport: phone },
] as const;

/** The same in light, in dark, and in dark on a phone, where a page that is wider than the screen is a fault, too. Leaves the page light and wide. */
export async function axeEverywhere(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  await page.locator('h1').first().waitFor();
  for (const { name, colorScheme, viewport } of ways) {
    // Without motion: in the middle of a transition every contrast is wrong.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    found.push(...(await axe(page)).map((line) => `${name}: ${line}`));
    if (viewport === phone) found.push(...(await tooWide(page)).map((line) => `${name}: ${line}`));
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  await page.setViewportSize(desktop);
  return found;
}

async function tooWide(page: Page): Promise<readonly string[]> {
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  return width > phone.width ? [`the page is ${width} pixels wide`] : [];
}
