/** A Dockerfile that is not UTF-8 reaches the engine byte for byte, wherever it is. */
import { packagingAt } from '../../../../src/image/packaging/packaging.js';
import type { Service } from '../../../../src/model/service.js';
import { imageService, memoryCentral } from '../../../support/image-service.js';
import { createMemoryTree, type MemoryFile } from '../../../support/memory-tree.js';
import { prepare } from '../../../support/prepared-context.js';
import { inlineReading } from '../../../support/reading.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const dockerfile = latin1("FROM scratch\nCOPY <<'EOF' /x\ncaf\u00e9\nEOF\nCOPY . /a\n");

type Files = Readonly<Record<string, MemoryFile>>;

const places: readonly (readonly [string, Files, Files, Partial<Service>])[] = [
  ['in the context', { Dockerfile: dockerfile, a: '1' }, {}, {}],
  ['left out of the context', { Dockerfile: dockerfile, a: '1', '.dockerignore': 'Dockerfile' }, {}, {}],
  ['outside of the context', { 'docker/Dockerfile': dockerfile, 's/a': '1' }, {}, { context: 's' }],
  ['central', { a: '1' }, { 'app/Dockerfile': dockerfile }, {}],
];

describe.each(places)('%s', (_where, files, central, settings) => {
  test.each([['.'], ['a']])('where %s is read', async (source) => {
    const { context, dockerfile: path } = await prepare({ files, central, settings, sources: [source] });
    expect(context.apart?.dockerfile).toEqual(dockerfile);
    const parts: Buffer[] = [];
    for await (const { entry, chunks } of context.open(context.entries))
      for await (const chunk of chunks) if (entry.path === path) parts.push(chunk);
    expect(Buffer.concat(parts)).toEqual(dockerfile);
  });
});

test('packaging differs with each byte of it', async () => {
  const keyOf = async (files: Files) => {
    const tree = createMemoryTree({ c: files });
    const request = { commit: 'c', tree, central: memoryCentral({}), read: inlineReading.dockerfile };
    return (await packagingAt({ ...request, service: imageService({}) })).key;
  };
  const [one, other] = [latin1('FROM a\n#\u00e9'), latin1('FROM a\n#\u00e8')];
  expect(await keyOf({ Dockerfile: one })).not.toBe(await keyOf({ Dockerfile: other }));
  const ignores = [one, other].map((bytes) => keyOf({ Dockerfile: 'FROM a', '.dockerignore': bytes }));
  expect(await ignores[0]).not.toBe(await ignores[1]);
});
