import { createHash } from 'node:crypto';
import type { Service } from '../../../../src/model/service.js';
import { packagingOf } from '../../../support/image-service.js';
import type { MemoryFile } from '../../../support/memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>>;

describe('the Dockerfile in force', () => {
  test.each<[string, Files, Partial<Service>, string, string]>([
    [
      'the docker folder',
      { 'docker/Dockerfile': 'FROM a', Dockerfile: 'FROM b' },
      {},
      'application',
      'docker/Dockerfile',
    ],
    ['the path', { Dockerfile: 'FROM b' }, {}, 'application', 'Dockerfile'],
    [
      'below the path',
      { 's/x/Dockerfile': 'FROM b', Dockerfile: 'FROM c' },
      { path: 's/x' },
      'application',
      's/x/Dockerfile',
    ],
    ['the setting', { 'b/D': 'FROM b', Dockerfile: 'FROM c' }, { dockerfile: 'b/D' }, 'application', 'b/D'],
    ['the central folder', { README: '' }, {}, 'central', 'app/Dockerfile'],
    [
      'the central folder where the setting names nothing',
      { Dockerfile: 'FROM b' },
      { dockerfile: 'b/D' },
      'central',
      'app/Dockerfile',
    ],
    ['a link', { Dockerfile: { link: './build/D' }, 'build/D': 'FROM b' }, {}, 'application', 'Dockerfile'],
    [
      'a docker folder that is a link',
      { 's/docker': { link: '../shared/java' }, 'shared/java/Dockerfile': 'FROM b' },
      { path: 's' },
      'application',
      's/docker/Dockerfile',
    ],
    [
      'a link to a name with blanks',
      { Dockerfile: { link: 'my files/D' }, 'my files/D': 'FROM b' },
      {},
      'application',
      'Dockerfile',
    ],
    ['not a link that leads nowhere', { Dockerfile: { link: 'my files/D' } }, {}, 'central', 'app/Dockerfile'],
    ['not a link that leads out', { Dockerfile: { link: '/etc/passwd' } }, {}, 'central', 'app/Dockerfile'],
    ['not a folder', { 'Dockerfile/x': 'FROM a' }, {}, 'central', 'app/Dockerfile'],
    ['the path, in lower case', { dockerfile: 'FROM b' }, {}, 'application', 'dockerfile'],
    [
      'the path, in its usual case first',
      { dockerfile: 'FROM b', Dockerfile: 'FROM c' },
      {},
      'application',
      'Dockerfile',
    ],
    [
      'the docker folder, in lower case before the path',
      { 's/docker/dockerfile': 'FROM b', 's/Dockerfile': 'FROM c' },
      { path: 's' },
      'application',
      's/docker/dockerfile',
    ],
    [
      'the setting, in lower case',
      { 'b/dockerfile': '' },
      { dockerfile: 'b/Dockerfile' },
      'application',
      'b/dockerfile',
    ],
    ['not the setting in another case', { 'b/d': 'FROM b' }, { dockerfile: 'b/D' }, 'central', 'app/Dockerfile'],
    ['not another spelling', { DOCKERFILE: 'FROM b' }, {}, 'central', 'app/Dockerfile'],
  ])('is that of %s', async (_, files, settings, source, path) => {
    const { place } = await packagingOf(files, settings, { 'app/Dockerfile': 'FROM central' });
    expect(place).toEqual({ source, path, commit: source === 'central' ? 'ce47ra1' : 'c0ffee0' });
  });

  test('is that of the central folder, in lower case', async () => {
    const central = { 'app/dockerfile': 'FROM central', 'app/dockerfile.dockerignore': 'x' };
    const { place, dockerfilePath, text, ignoreText } = await packagingOf({}, {}, central);
    expect({ place: place.path, dockerfilePath, text, ignoreText }).toEqual({
      place: 'app/dockerfile',
      dockerfilePath: 'docker/dockerfile',
      text: 'FROM central',
      ignoreText: 'x',
    });
  });

  test('brings the .dockerignore of its own name, in lower case', async () => {
    const { ignoreText } = await packagingOf({
      dockerfile: 'FROM b',
      'dockerfile.dockerignore': 'x',
      '.dockerignore': 'y',
    });
    expect(ignoreText).toBe('x');
  });

  test('is read through a link', async () => {
    const { text } = await packagingOf({ Dockerfile: { link: 'build/D' }, 'build/D': 'FROM b' });
    expect(text).toBe('FROM b');
  });

  test('is missed with the name of every place that was looked at', async () => {
    const places = ['s/docker/Dockerfile', 's/Dockerfile', 'app/Dockerfile (central dockerfiles)'];
    await expect(packagingOf({}, { path: 's' }, { 'other/Dockerfile': 'FROM a' })).rejects.toMatchObject({
      code: 'dockerfile-not-found',
      extra: { places },
      message: expect.stringContaining(places.join(', ')),
    });
    await expect(packagingOf({}, { dockerfile: 'b/D' })).rejects.toMatchObject({
      extra: { places: ['b/D', places[2]] },
    });
  });
});

describe('the .dockerignore in force', () => {
  test.each<[string, Files, Partial<Service>, Files, string | null]>([
    ['none', { Dockerfile: 'FROM a' }, {}, {}, null],
    ["the context's", { Dockerfile: 'FROM a', '.dockerignore': 'x' }, {}, {}, 'x'],
    ["not the docker folder's", { 'docker/Dockerfile': 'FROM a', 'docker/.dockerignore': 'x' }, {}, {}, null],
    [
      "the Dockerfile's own first",
      { 'docker/Dockerfile': 'FROM a', 'docker/Dockerfile.dockerignore': 'y', '.dockerignore': 'x' },
      {},
      {},
      'y',
    ],
    [
      'of the context named by the setting',
      { 's/Dockerfile': 'FROM a', 'c/.dockerignore': 'x' },
      { path: 's', context: 'c' },
      {},
      'x',
    ],
    ["the application's under a central Dockerfile", { '.dockerignore': 'x' }, {}, { 'app/Dockerfile': 'FROM a' }, 'x'],
    [
      "the central Dockerfile's own",
      { '.dockerignore': 'x' },
      {},
      { 'app/Dockerfile': 'FROM a', 'app/Dockerfile.dockerignore': 'z' },
      'z',
    ],
    [
      'the central one where the docker folder is the context',
      { 'docker/.dockerignore': 'x' },
      { context: 'docker' },
      { 'app/Dockerfile': 'FROM a', 'app/.dockerignore': 'z' },
      'z',
    ],
    [
      'none where the central folder hides it',
      { 'docker/.dockerignore': 'x' },
      { context: 'docker' },
      { 'app/Dockerfile': 'FROM a' },
      null,
    ],
    [
      'read through a link, as Docker reads it',
      { Dockerfile: 'FROM a', '.dockerignore': { link: 'build/ignore' }, 'build/ignore': 'x' },
      {},
      {},
      'x',
    ],
    [
      "the Dockerfile's in a docker folder that is a link",
      { docker: { link: 'shared' }, 'shared/Dockerfile': 'FROM a', 'shared/Dockerfile.dockerignore': 'x' },
      {},
      {},
      'x',
    ],
    [
      'none where it is a link that leads nowhere',
      { Dockerfile: 'FROM a', '.dockerignore': { link: '.gitignore' } },
      {},
      {},
      null,
    ],
  ])('is %s', async (_, files, settings, central, text) => {
    expect((await packagingOf(files, settings, central)).ignoreText).toBe(text);
  });
});

describe('the key', () => {
  const files = { 'docker/Dockerfile': 'FROM a', 'docker/run.sh': 'x', '.dockerignore': 'i', src: 's' };

  test.each<[string, Files]>([
    ['the Dockerfile', { ...files, 'docker/Dockerfile': 'FROM b' }],
    ['a script', { ...files, 'docker/run.sh': 'y' }],
    ['the mode of a script', { ...files, 'docker/run.sh': { run: 'x' } }],
    ['the name of a script', { 'docker/Dockerfile': 'FROM a', 'docker/start.sh': 'x', '.dockerignore': 'i' }],
    ['the .dockerignore', { ...files, '.dockerignore': 'j' }],
    ['the place', { Dockerfile: 'FROM a', '.dockerignore': 'i' }],
  ])('changes with %s', async (_, changed) => {
    expect((await packagingOf(changed)).key).not.toBe((await packagingOf(files)).key);
  });

  test('changes with a script of a docker folder that is a link', async () => {
    const linked = (script: string) => ({
      docker: { link: 'shared' },
      'shared/Dockerfile': 'FROM a',
      'shared/run.sh': script,
    });
    expect((await packagingOf(linked('x'))).key).not.toBe((await packagingOf(linked('y'))).key);
  });

  test('is that of a JSON text, which recorded builds have', async () => {
    const { key } = await packagingOf(files);
    const blob = (text: string) => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
    const listed = [
      ['Dockerfile', '100644', blob('FROM a')],
      ['run.sh', '100644', blob('x')],
    ];
    const text = JSON.stringify({ text: 'FROM a', ignore: 'i', files: listed });
    expect(key).toBe(`application:${createHash('sha256').update(text).digest('hex')}`);
  });

  test('does not change with anything else', async () => {
    expect((await packagingOf({ ...files, src: 't' })).key).toBe((await packagingOf(files)).key);
  });

  test('names the source, and is otherwise equal for equal content', async () => {
    const application = (await packagingOf(files)).key;
    const central = (await packagingOf({ '.dockerignore': 'i' }, {}, { 'app/Dockerfile': 'FROM a', 'app/run.sh': 'x' }))
      .key;
    expect(application).toMatch(/^application:[0-9a-f]{64}$/);
    expect(central).toBe(application.replace('application:', 'central:'));
  });
});

describe('paths that are packaging', () => {
  test.each<[string, Files, Partial<Service>, Files, readonly string[], readonly string[]]>([
    [
      'the docker folder',
      { 'docker/Dockerfile': 'FROM a', '.dockerignore': 'i' },
      {},
      {},
      ['docker/Dockerfile', 'docker/a/b', '.dockerignore'],
      ['Dockerfile', 'docker', 'dockerx', 'src/docker/x'],
    ],
    [
      'one file',
      { 'p/Dockerfile': 'FROM a' },
      { path: 'p' },
      {},
      ['p/Dockerfile'],
      ['p/docker/x', 'Dockerfile', 'p/.dockerignore'],
    ],
    [
      'a file elsewhere',
      { 'b/D': 'FROM a', 'b/D.dockerignore': '' },
      { dockerfile: 'b/D' },
      {},
      ['b/D', 'b/D.dockerignore'],
      ['b/x', '.dockerignore'],
    ],
    ['a link and its target', { Dockerfile: { link: 'b/D' }, 'b/D': 'FROM a' }, {}, {}, ['Dockerfile', 'b/D'], ['b/E']],
    [
      'a docker folder that is a link, and what it leads to',
      { docker: { link: 'shared' }, 'shared/Dockerfile': 'FROM a', 'shared/run.sh': 'x' },
      {},
      {},
      ['docker', 'shared/Dockerfile', 'shared/run.sh', 'shared/new'],
      ['sharedx', 'src/shared'],
    ],
    [
      'a .dockerignore that is a link, and its target',
      { Dockerfile: 'FROM a', '.dockerignore': { link: 'i' }, i: 'x' },
      {},
      {},
      ['.dockerignore', 'i'],
      ['j'],
    ],
    [
      'under a central Dockerfile the .dockerignore alone',
      { '.dockerignore': 'i' },
      {},
      { 'app/Dockerfile': 'FROM a' },
      ['.dockerignore'],
      ['Dockerfile', 'docker/Dockerfile', 'app/Dockerfile'],
    ],
  ])('%s', async (_, files, settings, central, owned, others) => {
    const { own } = await packagingOf(files, settings, central);
    const owns = (path: string) =>
      own.files.includes(path) || (own.folder !== null && path.startsWith(`${own.folder}/`));
    expect(owned.filter((path) => !owns(path))).toEqual([]);
    expect(others.filter(owns)).toEqual([]);
  });
});
