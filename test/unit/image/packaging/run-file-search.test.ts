import { SlipwayError } from '../../../../src/errors.js';
import type { CentralTree } from '../../../../src/image/packaging/central.js';
import { findRunFile, MAX_OVERLAYS, type RunFileSearch } from '../../../../src/image/packaging/run-file-search.js';
import { MAX_KEPT_BYTES, readRunFileTexts } from '../../../../src/image/packaging/run-file-texts.js';
import { MAX_RUN_FILE_BYTES } from '../../../../src/run-file/document.js';
import { memoryCentral } from '../../../support/image-service.js';
import { createMemoryTree, type MemoryFile } from '../../../support/memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>>;

interface Case {
  readonly files?: Files;
  readonly central?: Files;
  readonly path?: string;
  readonly deployFile?: string;
}

const searchOf = ({ files = {}, central = {}, path = '', deployFile }: Case): RunFileSearch => ({
  service: { name: 'app', path },
  deployFile: deployFile ?? null,
  commit: 'c0ffee0',
  tree: createMemoryTree({ c0ffee0: files }),
  central: memoryCentral(central, 'ce47ra1'),
});

const find = (given: Case) => findRunFile(searchOf(given));

async function texts(given: Case) {
  const search = searchOf(given);
  const found = await findRunFile(search);
  const read = await readRunFileTexts(found, { ...search, service: 'app' });
  return read.map(({ content, ...text }) => ({
    ...text,
    content: content === null ? null : Buffer.from(content, 'base64').toString(),
  }));
}

describe('the run file of a commit', () => {
  test.each<[string, Case, string]>([
    [
      'the first of the names',
      { files: { 'docker/compose.yaml': '1', 'docker/compose.yml': '2' } },
      'application docker/compose.yaml',
    ],
    [
      'the second',
      { files: { 'docker/docker-compose.yml': '3', 'docker/compose.yml': '2' } },
      'application docker/compose.yml',
    ],
    [
      'the third',
      { files: { 'docker/docker-compose.yaml': '4', 'docker/docker-compose.yml': '3' } },
      'application docker/docker-compose.yml',
    ],
    ['the fourth', { files: { 'docker/docker-compose.yaml': '4' } }, 'application docker/docker-compose.yaml'],
    [
      'below the path of the service',
      { path: 'a/b', files: { 'docker/compose.yaml': '1', 'a/b/docker/compose.yml': '2' } },
      'application a/b/docker/compose.yml',
    ],
    [
      'the one that the service names',
      { deployFile: 'run/app.yaml', files: { 'run/app.yaml': '0', 'docker/compose.yaml': '1' } },
      'application run/app.yaml',
    ],
    [
      'not the one that the service names and that is not there',
      { deployFile: 'run/app.yaml', files: { 'docker/compose.yaml': '1' } },
      'application docker/compose.yaml',
    ],
    [
      'the one of the application before the central one',
      { files: { 'docker/docker-compose.yaml': '4' }, central: { 'app/compose.yaml': '1' } },
      'application docker/docker-compose.yaml',
    ],
    [
      'the central one',
      { files: { 'docker/Dockerfile': '' }, central: { 'app/compose.yml': '2', 'other/compose.yaml': '1' } },
      'central app/compose.yml',
    ],
    [
      'none',
      { files: { 'compose.yaml': '1', 'docker/x/compose.yaml': '1' }, central: { 'app/Dockerfile': '' } },
      'none null',
    ],
    ['none that is a folder', { files: { 'docker/compose.yaml/x': '1' } }, 'none null'],
    [
      'a link',
      { files: { 'docker/compose.yaml': { link: '../run.yaml' }, 'run.yaml': '1' } },
      'application docker/compose.yaml',
    ],
    [
      'one in a docker folder that is a link',
      { files: { docker: { link: 'real' }, 'real/compose.yaml': '1' } },
      'application docker/compose.yaml',
    ],
    [
      'not a link that leads nowhere',
      { files: { 'docker/compose.yaml': { link: 'x' }, 'docker/compose.yml': '2' } },
      'application docker/compose.yml',
    ],
    [
      'a central link',
      { central: { 'app/compose.yaml': { link: 'run.yaml' }, 'app/run.yaml': '1' } },
      'central app/compose.yaml',
    ],
  ])('is %s', async (_, given, expected) => {
    const { source, path, commit } = await find(given);
    expect(`${source} ${path}`).toBe(expected);
    expect(commit).toBe({ application: 'c0ffee0', central: 'ce47ra1', none: null }[source]);
  });

  test('opens nothing, so that a decision fetches no contents', async () => {
    const tree = createMemoryTree({ c0ffee0: { 'docker/compose.yaml': '1', 'docker/compose.prod.yaml': '2' } });
    const spied = { ...tree, follow: () => Promise.reject(new Error('opened')) };
    await findRunFile({ ...searchOf({}), tree: spied });
    expect(tree.opened).toEqual([]);
  });
});

describe('overlays', () => {
  test.each<[string, Case, readonly string[]]>([
    [
      'are those of every environment, in order',
      { files: { 'docker/compose.yaml': '1', 'docker/compose.staging.yaml': '2', 'docker/compose.prod.yaml': '3' } },
      ['prod', 'staging'],
    ],
    [
      'are not those of another run file',
      { files: { 'docker/compose.yaml': '1', 'docker/compose.prod.yml': '2', 'docker/docker-compose.prod.yaml': '3' } },
      [],
    ],
    [
      'are beside a run file that the service names',
      {
        deployFile: 'run/app.yaml',
        files: { 'run/app.yaml': '0', 'run/app.prod.yaml': '1', 'docker/compose.qa.yaml': '2' },
      },
      ['prod'],
    ],
    ['are in a central folder', { central: { 'app/compose.yaml': '1', 'app/compose.prod.yaml': '2' } }, ['prod']],
    [
      'are in a docker folder that is a link',
      { files: { docker: { link: 'real' }, 'real/compose.yaml': '1', 'real/compose.prod.yaml': '2' } },
      ['prod'],
    ],
    ['do not exist without a run file', { files: { 'docker/compose.prod.yaml': '1' } }, []],
  ])('%s', async (_, given, expected) => {
    expect((await find(given)).overlays).toEqual(expected);
  });
});

describe('the identity of a run file', () => {
  const base: Case = { files: { 'docker/compose.yaml': '1', 'docker/compose.prod.yaml': '2' } };

  test.each<[string, Case]>([
    ['under another of its names', { files: { 'docker/compose.yml': '1', 'docker/compose.prod.yml': '2' } }],
    ['at home in the central dockerfiles', { central: { 'app/compose.yaml': '1', 'app/compose.prod.yaml': '2' } }],
    ['behind a link', { files: { docker: { link: 'x' }, 'x/compose.yaml': '1', 'x/compose.prod.yaml': '2' } }],
  ])('is the same %s', async (_, other) => {
    expect((await find(other)).hash).toBe((await find(base)).hash);
  });

  test.each<[string, Case]>([
    ['of another content', { files: { ...base.files, 'docker/compose.yaml': '3' } }],
    ['with another overlay', { files: { ...base.files, 'docker/compose.prod.yaml': '3' } }],
    [
      'with an overlay for another environment',
      { files: { 'docker/compose.yaml': '1', 'docker/compose.qa.yaml': '2' } },
    ],
    ['with one more', { files: { ...base.files, 'docker/compose.qa.yaml': '2' } }],
    ['without one', { files: { 'docker/compose.yaml': '1' } }],
    ['that does not exist', {}],
  ])('is another %s', async (_, other) => {
    expect((await find(other)).hash).not.toBe((await find(base)).hash);
  });
});

describe('what a run file holds', () => {
  test.each<[string, Case, readonly (readonly [string | null, string | null, string | null])[]]>([
    [
      'is read with its overlays',
      { files: { 'docker/compose.yaml': 'a', 'docker/compose.prod.yaml': 'b' } },
      [
        [null, 'a', null],
        ['prod', 'b', null],
      ],
    ],
    [
      'is read from the central dockerfiles',
      { central: { 'app/compose.yaml': 'a', 'app/compose.prod.yaml': { link: 'x' }, 'app/x': 'b' } },
      [
        [null, 'a', null],
        ['prod', 'b', null],
      ],
    ],
    [
      'is read through links',
      { files: { 'docker/compose.yaml': { link: '../run.yaml' }, 'run.yaml': 'a' } },
      [[null, 'a', null]],
    ],
    [
      'is read up to its limit',
      { files: { 'docker/compose.yaml': 'x'.repeat(MAX_RUN_FILE_BYTES) } },
      [[null, 'x'.repeat(MAX_RUN_FILE_BYTES), null]],
    ],
    [
      'is a fault over the limit',
      { files: { 'docker/compose.yaml': 'x'.repeat(MAX_RUN_FILE_BYTES + 1) } },
      [[null, null, 'docker/compose.yaml has 262,145 bytes; the limit of a run file is 262,144.']],
    ],
    [
      'is a fault over the limit in the central dockerfiles too',
      { central: { 'app/compose.yaml': 'x'.repeat(MAX_RUN_FILE_BYTES + 1) } },
      [[null, null, 'app/compose.yaml has 262,145 bytes; the limit of a run file is 262,144.']],
    ],
    [
      'is a fault if it is in Git LFS',
      { files: { 'docker/compose.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n' } },
      [[null, null, 'docker/compose.yaml is in Git LFS: the commit holds a pointer, not its content.']],
    ],
    [
      'is a fault of the overlay alone if that leads nowhere',
      { files: { 'docker/compose.yaml': 'a', 'docker/compose.prod.yaml': { link: 'x' } } },
      [
        [null, 'a', null],
        ['prod', null, 'docker/compose.prod.yaml is a symbolic link that leads to no file.'],
      ],
    ],
    [
      'is a fault if nothing but a link that leads nowhere is there',
      { files: { 'docker/compose.yaml': { link: 'x' } } },
      [[null, null, 'docker/compose.yaml is a symbolic link to x, which leads to nothing in the commit.']],
    ],
    ['is nothing without one', {}, []],
  ])('%s', async (_, given, expected) => {
    expect((await texts(given)).map(({ environment, content, fault }) => [environment, content, fault])).toEqual(
      expected,
    );
  });

  test('is a fault where run file and overlays are too much together', async () => {
    const names = Array.from({ length: 5 }, (_, n) => `docker/compose.e${n}.yaml`);
    const large = Object.fromEntries(names.map((name, n) => [name, `${n}${'x'.repeat(MAX_RUN_FILE_BYTES - 1)}`]));
    const read = await texts({ files: { 'docker/compose.yaml': 'a', ...large } });
    const faults = read.flatMap(({ fault }) => fault ?? []);
    expect(faults).toEqual(
      ['docker/compose.e3.yaml', 'docker/compose.e4.yaml'].map(
        (path) => `${path} makes more than 1,048,576 bytes of run file and overlays.`,
      ),
    );
    expect(read.reduce((sum, { content }) => sum + (content?.length ?? 0), 0)).toBeLessThanOrEqual(MAX_KEPT_BYTES);
  });

  test('is a fault with more overlays than are read', async () => {
    const names = Array.from({ length: MAX_OVERLAYS + 1 }, (_, n) => [`docker/compose.e${n}.yaml`, ''] as const);
    const read = await texts({ files: { 'docker/compose.yaml': 'a', ...Object.fromEntries(names) } });
    expect(read).toHaveLength(MAX_OVERLAYS + 1);
    expect(read[0]).toEqual({
      environment: null,
      content: null,
      fault: 'The run file docker/compose.yaml has 51 overlays; the limit is 50.',
    });
  });
});

describe('a central folder that cannot be read', () => {
  const broken = (error: SlipwayError): CentralTree => ({ ...memoryCentral({}), files: () => Promise.reject(error) });

  test.each<[string, Case['files'], string]>([
    ['is a fault of the run file', {}, 'central'],
    ['is not in force where the application has its own', { 'docker/compose.yaml': '1' }, 'application'],
  ])('%s', async (_, files, source) => {
    const central = broken(new SlipwayError('dockerfiles-unavailable', 'It cannot be read.'));
    const found = await findRunFile({ ...searchOf({ files }), central });
    expect([found.source, found.entries[0]?.fault]).toEqual([
      source,
      source === 'central' ? 'It cannot be read.' : null,
    ]);
  });

  test('fails where its host is away, since that passes', async () => {
    const central = broken(new SlipwayError('git-unavailable', 'The host is away.'));
    await expect(findRunFile({ ...searchOf({}), central })).rejects.toMatchObject({ code: 'git-unavailable' });
  });
});
