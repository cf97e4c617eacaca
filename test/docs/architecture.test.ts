import { createRequire } from 'node:module';
import { join } from 'node:path';
import { read, root, tableOf } from './markdown.js';

interface Rule {
  readonly name: string;
  readonly comment?: string;
}
const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  readonly forbidden: readonly Rule[];
};

test('the table of vendors is the one that is enforced', async () => {
  const enforced = forbidden.flatMap(({ comment = '' }) => {
    const [, vendor, room] = /^(\S+) has one importer: (\S+)$/.exec(comment) ?? [];
    return vendor === undefined ? [] : [[`\`${vendor}\``, `\`src/${room}\``]];
  });
  const documented = tableOf(await read('docs/architecture.md'), 'What may import what').filter((row) =>
    enforced.some(([vendor]) => vendor === row[0]),
  );
  expect(enforced.length).toBeGreaterThan(5);
  expect(documented).toEqual(enforced);
});
