/**
 * Ways of writing a Dockerfile that readers differ in, made by us in both ways and by Docker's own client: the same files each time, and
 * the engine asks for nothing that our reading lacks.
 */
import { decodeName } from '../../../src/name-bytes.js';
import { makeBaseImage, type BaseImageOnEngine } from '../../support/base-image.js';
import { imageByClient } from '../../support/docker-client.js';
import { engines, imageByUs } from '../../support/image-by-us.js';
import { readLayers } from '../../support/image-layers.js';
import type { MemoryFile } from '../../support/memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>>;

const nameOf = (maker: string) => `slipway.test/reading-${maker}:1`;
let base: BaseImageOnEngine;
beforeAll(async () => {
  base = await makeBaseImage();
}, 60_000);
afterAll(async () => {
  for (const maker of ['sync', 'archive', 'client']) await engines.sync.images.remove(nameOf(maker));
  await base.remove();
});

/** Path → content of everything that the image's layers brought, or that the build failed. */
async function outcome(name: string, build: Promise<unknown>): Promise<unknown> {
  const failed = await build.then(
    () => false,
    () => true,
  );
  if (failed) return 'failed';
  const layers = await readLayers(name);
  return layers.map(({ entries }) =>
    Object.entries(entries)
      .filter(([, { type }]) => type !== 'directory')
      .map(([path, { content }]) => [path, content]),
  );
}

const tree: Files = {
  a: '1',
  'src/a': '2',
  b: '3',
  '資料\u3000一.txt': '4',
  'a\u00a0b.txt': '5',
  'conf/prod.conf': '6',
  'conf/dev.conf': '7',
  's/a.txt': '8',
  's/d/b.txt': '9',
  's/d/e/c.txt': '10',
  vé: '11',
  'HTTP:/x/y': '12',
  ab: '13',
  a2b: '14',
};

test.each<readonly [string, string]>([
  ['a blank before the word of a here-document', 'FROM BASE\nRUN cat << EOF > /h\nhello\nEOF\nCOPY a /a\n'],
  ['a tab before it, and a number', 'FROM BASE\nRUN cat 0<<\tEOF > /h\nhello\nEOF\nCOPY a /a\n'],
  ['an escaped word', 'FROM BASE\nRUN cat <<\\EOF > /h\nhello\nEOF\nCOPY a /a\n'],
  ['an open quote before one', "FROM BASE\nRUN true # it's <<EOF\nCOPY a /a\n"],
  ['blanks beyond ASCII in names', 'FROM scratch\nCOPY 資料\u3000一.txt a\u00a0b.txt /x/\n'],
  ['a mount from nothing', 'FROM BASE\nRUN --mount=type=bind,from=,source=src,target=/t cp -r /t /x\n'],
  ['the last of two sources of a mount', 'FROM BASE\nRUN --mount=source=s,src=src,target=/t cp -r /t /x\n'],
  ['a mount whose type is a variable', 'FROM BASE\nARG T=bind\nRUN --mount=type=$T,source=src,target=/t cp -r /t /x\n'],
  ['a tmpfs', 'FROM BASE\nRUN --mount=type=tmpfs,target=/t true\nCOPY a /a\n'],
  ['a copy from nothing', 'FROM scratch\nCOPY --from= a /x/\n'],
  ['the stage as an argument', 'FROM scratch AS prod\nARG TARGETSTAGE\nCOPY conf/${TARGETSTAGE}.conf /x/\n'],
  ['parents in capitals', 'FROM scratch\nCOPY --parents=True s/**/*.txt /x/\n'],
  ['a letter beyond ASCII in a variable', 'FROM scratch\nARG S=v\nCOPY $Sé /x/\n'],
  ['digits in a variable', 'FROM scratch\nCOPY a$12b /x/\n'],
  ['a scheme in capitals', 'FROM scratch\nADD HTTP://x/y /q/\n'],
  ['what we cannot read', 'FROM scratch\nCOPY a /x/\nNONSENSE\n'],
])('%s', async (_, written) => {
  const files: Files = { ...tree, Dockerfile: written.replaceAll('BASE', base.name) };
  const client = await outcome(nameOf('client'), imageByClient(files, nameOf('client')));
  for (const way of ['sync', 'archive'] as const) {
    const build = imageByUs('abc/reading', files, way, nameOf(way));
    expect([way, await outcome(nameOf(way), build)]).toEqual([way, client]);
    if (client !== 'failed') expect((await build).misread()).toBeNull();
  }
});

test('a Dockerfile that is not UTF-8 keeps its bytes', async () => {
  const text = Buffer.from("FROM scratch\nCOPY <<'EOF' /x\ncaf\u00e9\nEOF\nCOPY a /a\n", 'latin1');
  const files: Files = { ...tree, Dockerfile: text };
  const client = await outcome(nameOf('client'), imageByClient(files, nameOf('client')));
  for (const way of ['sync', 'archive'] as const) {
    expect(await outcome(nameOf(way), imageByUs('abc/latin', files, way, nameOf(way)))).toEqual(client);
  }
});

test('a name that is not UTF-8 stays apart from the build that does not read it, and is named where one does', async () => {
  const files: Files = {
    Dockerfile: 'FROM scratch\nCOPY a /a\n',
    a: '1',
    [decodeName(Buffer.from('caf\u00e9', 'latin1'))]: '2',
  };
  for (const way of ['sync', 'archive'] as const) {
    await imageByUs('abc/odd', files, way, nameOf(way));
    expect(await readLayers(nameOf(way))).toHaveLength(1);
  }
  const reading = { ...files, Dockerfile: 'FROM scratch\nCOPY . /a\n' };
  const failure = { code: 'name-not-utf8', blame: 'source', message: expect.stringContaining('caf\uFFFD') };
  await expect(imageByUs('abc/odd', reading, 'archive', nameOf('archive'))).rejects.toMatchObject(failure);
  const synced = await imageByUs('abc/odd', reading, 'sync', nameOf('sync')).catch((error: unknown) => error);
  if (synced instanceof Error) expect(synced).toMatchObject(failure);
});
