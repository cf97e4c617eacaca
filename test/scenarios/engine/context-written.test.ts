/** What people write in Dockerfiles to read a context, made by us in both ways and by Docker's own client: the same files each time. */
import { makeBaseImage, type BaseImageOnEngine } from '../../support/base-image.js';
import { askedVersion, imageByClient } from '../../support/docker-client.js';
import { engines, imageByUs } from '../../support/image-by-us.js';
import { readLayers } from '../../support/image-layers.js';
import type { MemoryFile } from '../../support/memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>>;

const nameOf = (maker: string) => `slipway.test/written-${maker}:1`;
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
  'a/x': '1',
  'a/y.md': '2',
  'a/b/z': '3',
  'b c/d': '4',
  'e[1]': '5',
  e1: '6',
  link: { link: 'a' },
  'to-file': { link: 'a/b/../x' },
  'to-link': { link: 'link/b' },
  'back\\slash': '7',
  $HOME: '8',
};

/**
 * The client of Docker 28 sends nothing of a folder in which a glob finds nothing, and the build fails. Ours is the image of older clients:
 * what it holds of the context, by both ways.
 */
const emptyGlobs: Readonly<Record<string, unknown>> = {
  'a glob that finds nothing in a folder': [[['1/x', '1']]],
  'a glob alone that finds nothing in a folder': [[]],
  'a glob where all is excluded': [[]],
  'a glob of folders that have no such file': [[]],
  'a glob in a folder that a link leads to': [[]],
};

/** More patterns than an HTTP server takes headers by itself. */
const hundreds = Array.from({ length: 300 }, (_, at) => `no/${at}`).join('\n');

test.each<[string, string, Files]>([
  ['an escaped escape at the end of a line', 'FROM BASE\nRUN : \\\\\nCOPY a/x /\n', {}],
  [
    'links that lead to files and folders',
    'FROM scratch\nCOPY to-file /1\nCOPY to-link /2/\nCOPY link/x link/b /3/\n',
    {},
  ],
  ['globs over links', 'FROM scratch\nCOPY li*/x /1\nCOPY to-* /2/\n', {}],
  ['an escaped glob', 'FROM scratch\nCOPY e\\[1\\] /1\nCOPY e[1] /2/\n', {}],
  ['names with blanks', 'FROM scratch\nCOPY ["b c/d", "/1"]\nCOPY b?c /2/\n', {}],
  ['variables', 'ARG D=a\nFROM scratch AS A\nARG D\nENV F=${D}/x\nCOPY $F ${D:+a/b}/z ${N:-a}/y.md /1/\n', {}],
  ['an ARG after an ENV', 'FROM scratch\nENV V=a/b\nARG V=a/x\nCOPY $V /1/\n', {}],
  ['an ARG without a value', 'FROM scratch\nENV V=a/b\nARG V\nCOPY $V /1/\n', {}],
  ['an ARG declared again', 'FROM scratch AS s\nARG V=b\nFROM s\nARG V\nCOPY a/$V /1/\n', {}],
  ['an ARG of the stage before', 'FROM scratch AS s\nARG V=b\nFROM s\nCOPY a/$V /1/\n', {}],
  ['an ENV before it', 'FROM scratch AS s\nENV V=b\nARG V=x\nFROM s\nCOPY a/$V /1/\n', {}],
  ['an ARG over the ENV of the base', 'FROM BASE\nARG PATH=a/x\nCOPY $PATH /1\n', {}],
  ['a bind mount in any case', 'FROM BASE\nRUN --mount=type=BIND,target=/m,source=a/b cp -r /m /1\n', {}],
  ['quotes and dollars', 'FROM scratch\nCOPY "a"/\'x\' \\$HOME /1/\n', {}],
  [
    'stages by number and in any case',
    'FROM scratch as One\nCOPY a /1\nfrom scratch\ncopy --from=ONE /1/x /2\nCOPY --from=0 /1/b /3\n',
    {},
  ],
  [
    'two stages of one name',
    'FROM scratch AS s\nCOPY a/x /1\nFROM scratch AS s\nCOPY a/b /2\nFROM scratch\nCOPY --from=s / /\n',
    {},
  ],
  ['ONBUILD of a stage', 'FROM scratch AS s\nONBUILD COPY a/b /1\nFROM s\n', {}],
  [
    'a bind mount',
    'FROM BASE\nRUN --mount=target=/m,source=a/b cp -r /m /1\nRUN --mount=type=bind,source=link,target=/m cp -r /m /2\n',
    {},
  ],
  ['a bind mount of everything', 'FROM BASE\nRUN --mount=type=bind,target=/m ls -a /m >/1\n', {}],
  ['comments and empty lines within', 'FROM scratch\nCOPY \\\n# no\n\n  a/x \\\n  /1 \n', {}],
  ['the other escape', '# escape=`\nFROM scratch\nCOPY a/x `\n  a/y.md /1/\n', {}],
  ['paths that seem to leave', 'FROM scratch\nCOPY ../a/x ./a/./b/../y.md /a/b/z /1/\n', {}],
  ['a folder and its content', 'FROM scratch\nCOPY a/ /1\nCOPY a/. /2\nCOPY a /3/\n', {}],
  ['ADD of a folder, and of several', 'FROM scratch\nADD a a/b /1/\n', {}],
  ['what is missing', 'FROM scratch\nCOPY none /1\n', {}],
  ['a glob that finds nothing', 'FROM scratch\nCOPY a/x none* /1/\n', {}],
  ['a glob that finds nothing in a folder', 'FROM scratch\nCOPY a/x a/b/none* /1/\n', {}],
  ['a glob alone that finds nothing in a folder', 'FROM scratch\nCOPY a/b/*.zip /1/\n', {}],
  ['a glob that finds nothing in a folder that is not there', 'FROM scratch\nCOPY a/x no/none* /1/\n', {}],
  ['a glob where all is excluded', 'FROM scratch\nCOPY a/b/* /1/\n', { '.dockerignore': 'a/b/*' }],
  ['a glob of folders that have no such file', 'FROM scratch\nCOPY a/*/none /1/\n', {}],
  ['a glob in a folder that a link leads to', 'FROM scratch\nCOPY link/b/*.zip /1/\n', {}],
  ['a byte order mark and Windows line ends', '\uFEFFFROM scratch\r\nCOPY a/x \\\r\n /1\r\n', {}],
  ['a Dockerfile that is a link', 'FROM scratch\nCOPY . /\n', { Dockerfile: { link: 'a/D' } }],
  [
    'a .dockerignore that is a link',
    'FROM scratch\nCOPY . /\n',
    { '.dockerignore': { link: 'a/i' }, 'a/i': 'a/b\n*1*' },
  ],
  ['a .dockerignore that leads nowhere', 'FROM scratch\nCOPY . /\n', { '.dockerignore': { link: 'a' } }],
  ['a folder instead of .dockerignore', 'FROM scratch\nCOPY . /\n', { '.dockerignore/x': '1' }],
  ['a .dockerignore of hundreds of patterns', 'FROM scratch\nCOPY . /\n', { '.dockerignore': `${hundreds}\na/b` }],
  ['what only ends like a .dockerignore', 'FROM scratch\nCOPY *.dockerignore /1/\n', { 'b.dockerignore': '1' }],
  ['sources that are excluded', 'FROM scratch\nCOPY a /1\nCOPY a/b /2\n', { '.dockerignore': 'a/b' }],
  ['a link to what is excluded', 'FROM scratch\nCOPY to-file /1\n', { '.dockerignore': 'a' }],
  ['an excluded Dockerfile', 'FROM scratch\nCOPY . /\nCOPY Docker* /d/\n', { '.dockerignore': '*ocker*' }],
])('%s', async (title, written, more) => {
  const text = written.replaceAll('BASE', base.name);
  const files: Files = { ...tree, [more['Dockerfile'] ? 'a/D' : 'Dockerfile']: text, ...more };
  const byClient = await outcome(nameOf('client'), imageByClient(files, nameOf('client')));
  const expected = byClient === 'failed' && askedVersion >= 28 ? (emptyGlobs[title] ?? byClient) : byClient;
  for (const way of ['sync', 'archive'] as const)
    expect([way, await outcome(nameOf(way), imageByUs('abc/written', files, way, nameOf(way)))]).toEqual([
      way,
      expected,
    ]);
});

/** Path → kind of everything that the image's layers brought, or that the build failed. */
async function kinds(name: string, build: Promise<unknown>): Promise<unknown> {
  if ((await outcome(name, build)) === 'failed') return 'failed';
  const layers = await readLayers(name);
  return layers.map(({ entries }) => Object.entries(entries).map(([path, { type }]) => [path, type]));
}

test.each([
  ['COPY . /all/', ''],
  ['COPY sub /x/', ''],
  ['COPY s* /x/', '**/.git'],
  ['COPY sub/* /x/', ''],
  ['COPY deep /x/', '**/.git'],
  ['COPY deep/er/sub /x/', 'sub/*'],
  ['COPY . /all/', 'sub'],
  ['COPY . /all/', 'deep/*/sub'],
  ['COPY sub /x/', 'sub'],
])('a submodule is the empty folder that it is on a checkout: %s, less %j', async (instruction, ignore) => {
  const sub = { submodule: true } as const;
  const files = {
    Dockerfile: `FROM scratch\n${instruction}\n`,
    '.dockerignore': ignore,
    a: '',
    sub,
    'deep/er/sub': sub,
    'deep/er/b': '',
  };
  const byClient = await kinds(nameOf('client'), imageByClient(files, nameOf('client')));
  const expected = byClient === 'failed' && askedVersion >= 28 && instruction.includes('*') ? [[]] : byClient;
  for (const way of ['sync', 'archive'] as const) {
    expect(await kinds(nameOf(way), imageByUs(`abc/submodule-${way}`, files, way, nameOf(way)))).toEqual(expected);
  }
});
