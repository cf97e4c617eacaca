import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { anchors, documents, read, root } from './markdown.js';

interface Link {
  readonly file: string;
  readonly target: string;
}

const links: Link[] = [];
for (const file of [
  ...(await documents()),
  'dockerfiles/README.md',
  'examples/dockerfiles/README.md',
  'examples/jenkins/README.md',
]) {
  const prose = (await read(file)).replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
  for (const [, target = ''] of prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)) links.push({ file, target });
}
const inside = links.filter(({ target }) => !/^https?:/.test(target));

test.each(inside)('$file links to $target, which is there', async ({ file, target }) => {
  const [path = '', anchor] = target.split('#');
  const to = path === '' ? file : join(dirname(file), path);
  await access(join(root, to));
  if (anchor !== undefined) expect([...anchors(await read(to))]).toContain(anchor);
});

test('the documents refer to each other', () => {
  expect(inside.length).toBeGreaterThan(10);
});

/** Where a page names files of this repository in backticks, they are there. */
const named: Link[] = [];
for (const file of await documents()) {
  if (file === 'docs/decisions-explained.md') continue;
  const prose = (await read(file)).replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
  for (const [, target = ''] of prose.matchAll(/`((?:src|test|config|scripts|docs)\/[\w./-]+)`/g)) {
    named.push({ file, target });
  }
}

test.each(named)('$file names $target, which is there', async ({ target }) => {
  await access(join(root, target));
});
