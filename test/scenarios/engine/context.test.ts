/** Contexts as we send them, against Docker's own client: the same files in the image, whatever is pruned, moved or overlaid. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '../../../src/model/service.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import { prepareContext, type ContextRequest } from '../../../src/image/context/context.js';
import { packagingAt } from '../../../src/image/packaging/packaging.js';
import { buildByClient, listImage, type Listing } from '../../support/docker-client.js';
import { buildRequest, engineHost, never, realClock } from '../../support/engine.js';
import { imageService, memoryCentral } from '../../support/image-service.js';
import { keptLog } from '../../support/kept-log.js';
import { createMemoryTree, type MemoryFile } from '../../support/memory-tree.js';
import { threadedReading } from '../../support/reading.js';

const reading = threadedReading();
const read = reading.dockerfile;
afterAll(() => reading.close());

type Files = Readonly<Record<string, MemoryFile>>;

const engine = createEngine({ host: engineHost(), tls: null, credentials: null, clock: realClock, log: keptLog() });
const tag = 'slipway.test/context:1';
afterAll(() => engine.images.remove(tag));

interface Given {
  readonly files: Files;
  readonly settings?: Partial<Service>;
  readonly central?: Files;
  readonly artifact?: ContextRequest['artifact'];
}

async function buildByUs({ files, settings, central = {}, artifact = null }: Given): Promise<Listing> {
  const tree = createMemoryTree({ c: files });
  const service = imageService(settings);
  const packaging = await packagingAt({ service, commit: 'c', tree, central: memoryCentral(central), read });
  const { sources, asked } = await read(packaging.text, { buildArgs: service.buildArgs, target: service.target });
  const wanted = { service, commit: 'c', tree, packaging, sources, asked, artifact };
  const { context, dockerfile } = await prepareContext(wanted, reading.context);
  const request = buildRequest({}, { context, dockerfile, tag, buildId: `context-${(builds += 1)}` });
  await engine.builder.build(request, () => undefined, never);
  return listImage(tag);
}
let builds = 0;

/** What an engine puts into every container, and so into what it exports. */
const OF_CONTAINERS = /^(?:\.dockerenv|dev|etc|proc|sys)(?:\/|$)/;

const plain = (listing: Listing) =>
  Object.fromEntries([...listing].filter(([path]) => !OF_CONTAINERS.test(path)).sort());

const app: Files = {
  'src/a': '1',
  'src/run': { run: '2' },
  'src/link': { link: '../lib/b' },
  'lib/b': '3',
  'lib/deep/c': '4',
  current: { link: 'lib/deep' },
  'README.md': '5',
};

describe('an image built from our context holds what it holds by the client', () => {
  test.each<[string, Files, Partial<Service>]>([
    ['everything', { ...app, Dockerfile: 'FROM scratch\nCOPY . /x' }, {}],
    [
      'an ignored Dockerfile',
      { ...app, Dockerfile: 'FROM scratch\nCOPY . /x', '.dockerignore': 'Dockerfile\n*.md\n' },
      {},
    ],
    [
      'both ignored',
      { ...app, Dockerfile: 'FROM scratch\nCOPY . /x', '.dockerignore': 'Dockerfile\n.dockerignore\n' },
      {},
    ],
    [
      'ignored, by several COPYs',
      {
        ...app,
        Dockerfile: 'FROM scratch\nCOPY src \\\n  ./lib/ \\\n  /x/\nADD ["README.md", "/y/"]\nCOPY * /z/',
        '.dockerignore': 'Dockerfile',
      },
      {},
    ],
    [
      'ignored, with variables',
      {
        ...app,
        Dockerfile: 'FROM scratch\nARG WHAT=li?\nCOPY ${WHAT} /x/\nCOPY ./ /y/',
        '.dockerignore': 'Dockerfile',
      },
      {},
    ],
    [
      'ignored, through stages',
      {
        ...app,
        Dockerfile: 'FROM scratch AS one\nCOPY . /in\nFROM scratch\nCOPY --from=one /in/src /x/\nCOPY /lib /y/',
        '.dockerignore': '*\n!src\n!lib',
      },
      {},
    ],
    [
      'a Dockerfile outside the context',
      { ...app, 'build/Image': 'FROM scratch\nCOPY . /x' },
      { context: 'lib', dockerfile: 'build/Image' },
    ],
    [
      'a Dockerfile with an ignore file of its own',
      {
        ...app,
        'build/Image': 'FROM scratch\nCOPY . /x',
        'build/Image.dockerignore': 'build\nlib/b',
        '.dockerignore': 'src',
      },
      { dockerfile: 'build/Image' },
    ],
    ['one folder', { ...app, Dockerfile: 'FROM scratch\nCOPY src /x' }, {}],
    ['globs', { ...app, Dockerfile: 'FROM scratch\nCOPY l*/? [R]*.md /x/' }, {}],
    ['a link as source', { ...app, Dockerfile: 'FROM scratch\nCOPY current /x\nCOPY current/c /y/' }, {}],
    ['a link to a file as source', { ...app, Dockerfile: 'FROM scratch\nCOPY src/link /x/' }, {}],
  ])('%s', async (_, files, settings) => {
    const { context = '', dockerfile } = settings;
    const theirs = await buildByClient(files, { context, ...(dockerfile ? { dockerfile } : {}) });
    expect(plain(await buildByUs({ files, settings }))).toEqual(plain(theirs));
  });

  test('bind mounts of an ignored Dockerfile see the context alone', async () => {
    const list = 'cd /c && find . | sort > /list';
    const files = {
      ...app,
      Dockerfile: `FROM base:1\nRUN --mount=type=bind,target=/c ${list}`,
      '.dockerignore': 'Dockerfile',
    };
    const [ours, theirs] = [await buildByUs({ files }), await buildByClient(files)];
    expect(ours.get('list')).toBe(theirs.get('list'));
    expect(ours.get('list')).toContain('./src/a');
  });
});

test('a Dockerfile that moves to the central folder makes the same image', async () => {
  const packaging = { Dockerfile: 'FROM scratch\nCOPY docker/run.sh src /x/', 'run.sh': { run: 'go' } };
  const below = (folder: string): Files =>
    Object.fromEntries(Object.entries(packaging).map(([path, file]) => [`${folder}/${path}`, file]));
  const [own, central] = [
    await buildByUs({ files: { ...app, ...below('docker') } }),
    await buildByUs({ files: app, central: below('app') }),
  ];
  expect(plain(central)).toEqual(plain(own));
  expect(central.get('x/run.sh')).toBe('go');
});

test('an artifact is there to be copied although it is ignored', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-artifact-'));
  try {
    const file = join(folder, 'stored');
    await writeFile(file, 'jar');
    const files = { Dockerfile: 'FROM scratch\nCOPY target/*.jar /app.jar', '.dockerignore': '*' };
    const artifact = { path: 'target/app.jar', file, sha256: 'ab', size: 3 };
    expect(plain(await buildByUs({ files, artifact }))).toEqual({ 'app.jar': 'jar' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
