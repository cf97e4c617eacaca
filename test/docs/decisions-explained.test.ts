import type { Service } from '../../src/model/service.js';
import { configOf } from '../support/write-config.js';
import { must } from '../support/app.js';
import { codeBlocks, read } from './markdown.js';
import { play } from './walkthrough.js';

const file = 'docs/decisions-explained.md';
const markdown = await read(file);
const sections = markdown
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ title: section.split('\n', 1)[0] ?? '', blocks: codeBlocks(section) }));
const pushes = sections.filter(({ blocks }) => blocks.some(({ language }) => language === 'push'));
const textOf = ({ blocks }: (typeof sections)[number], language: string): string =>
  must(blocks.find((block) => block.language === language)).text;

let services: ReadonlyMap<string, Service>;
beforeAll(async () => {
  const settings = must(codeBlocks(markdown).find(({ language }) => language === 'yaml')).text;
  const rest = 'github: { webhookSecrets: [hook] }\nregistry: { host: registry.abc.net }\n';
  ({ services } = await configOf(`${rest}${settings}`));
});

test('at least ten pushes are explained', () => {
  expect(pushes.length).toBeGreaterThanOrEqual(10);
});

test.each(pushes.map((push) => [push.title, push] as const))('%s', async (_title, push) => {
  expect(`${(await play(textOf(push, 'push'), services)).join('\n')}\n`).toBe(textOf(push, 'decisions'));
});
