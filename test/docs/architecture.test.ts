import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { codeBlocks, read, root, tableOf } from './markdown.js';

interface Rule {
  readonly name: string;
  readonly comment?: string;
  readonly from: { readonly pathNot?: string | readonly string[] };
}
const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  readonly forbidden: readonly Rule[];
};

const page = await read('docs/architecture.md');

test('the table of vendors is the one that is enforced', async () => {
  const enforced = forbidden.flatMap(({ comment = '' }) => {
    const [, vendor, room] = /^(\S+) has one importer: (\S+)$/.exec(comment) ?? [];
    return vendor === undefined ? [] : [[`\`${vendor}\``, `\`src/${room}\``]];
  });
  const documented = tableOf(page, 'What may import what').filter((row) =>
    enforced.some(([vendor]) => vendor === row[0]),
  );
  expect(enforced.length).toBeGreaterThan(5);
  expect(documented).toEqual(enforced);
});

test.each(['src/git/', 'src/engine/', 'src/hosts/', 'src/balancer/'])(
  'the folders of %s are listed above those that they import',
  async (room) => {
    const rows = tableOf(await read('docs/architecture.md'), `\`${room}\``);
    const listed = rows.map(([cell = '']) => cell.replaceAll(/[`/]/g, ''));
    const entries = await readdir(join(root, room), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect([...listed].sort()).toEqual(folders.sort());
    for (const [at, folder] of listed.entries()) {
      const files = await readdir(join(root, room, folder));
      const texts = await Promise.all(files.map((file) => read(join(room, folder, file))));
      const imported = texts.flatMap((text) => [...text.matchAll(/'\.\.\/([\w-]+)\//g)].map(([, name]) => name));
      expect({ folder, above: listed.slice(0, at).filter((name) => imported.includes(name)) }).toEqual({
        folder,
        above: [],
      });
    }
  },
);

test('the table of rooms has those that are enforced, in their order', () => {
  const paths = forbidden.find(({ name }) => name === 'every-file-has-a-room')?.from.pathNot ?? [];
  const enforced = [...paths]
    .map((path) => path.replace(/^\^|\\|\$$/g, ''))
    .map((path) => path.replace('[^/]+.ts', ''));
  const documented = tableOf(page, 'The rooms').flatMap(([room = '']) =>
    [...room.matchAll(/`(src\/[^`]*)`/g)].map(([, path]) => path),
  );
  expect(enforced.length).toBeGreaterThan(20);
  expect(documented).toEqual(enforced);
});

test('the rows have the rooms that are enforced, in their order', () => {
  const enforced = forbidden.flatMap(({ name }) => /^(.+)-imports-only-downwards$/.exec(name)?.[1] ?? []);
  const rows =
    codeBlocks(page)
      .find(({ text }) => text.startsWith('main, cli'))
      ?.text.trim()
      .split('\n')
      .slice(1) ?? [];
  const documented = rows.flatMap((row) => row.split(/ \| |, /)).map((room) => room.replace('image/', ''));
  expect(documented.filter((room) => room !== 'model')).toEqual(enforced);
});
