import type { Service } from '../../../../src/model/service.js';
import { packagingOf } from '../../../support/image-service.js';
import type { MemoryFile } from '../../../support/memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>>;

describe('folders beside the central one', () => {
  const central: Files = {
    'app/Dockerfile': 'FROM a',
    'app/lib/own.sh': '1',
    '_shared/wait.sh': { run: '2' },
    '_shared/deep/a.txt': '3',
    'other/Dockerfile': 'FROM b',
    'other/run.sh': '4',
    'lib/hidden.sh': '5',
  };
  const laid = async (text: string, settings: Partial<Service> = {}, files: Files = {}) => {
    const { overlay } = await packagingOf(files, settings, { ...central, 'app/Dockerfile': text });
    return overlay?.files.map(({ path, mode }) => `${path} ${mode}`);
  };
  const own = ['Dockerfile 100644', 'lib/own.sh 100644'];
  const shared = ['_shared/deep/a.txt 100644', '_shared/wait.sh 100755'];
  const other = ['other/Dockerfile 100644', 'other/run.sh 100644'];

  test.each<[string, string, Partial<Service>, readonly string[]]>([
    ['a COPY of a file', 'FROM a\nCOPY docker/_shared/wait.sh /', {}, [...own.slice(0, 1), ...shared, own[1] ?? '']],
    ['a COPY of the folder', 'FROM a\nCOPY ./docker/_shared/ /', {}, [...own.slice(0, 1), ...shared, own[1] ?? '']],
    [
      'ADD, and a mount of another service’s folder',
      'FROM a\nADD docker/_shared /s\nRUN --mount=target=/o,source=docker/other true',
      {},
      [...own.slice(0, 1), ...shared, own[1] ?? '', ...other],
    ],
    [
      'a path below that of the service',
      'FROM a\nCOPY services/app/docker/other/run.sh /',
      { path: 'services/app', context: '' },
      [...own, ...other],
    ],
    [
      'a path of the docker folder as the context',
      'FROM a\nCOPY other/run.sh /',
      { context: 'docker' },
      [...own, ...other],
    ],
    [
      'a build argument',
      'FROM a\nARG FROM_THERE\nCOPY docker/$FROM_THERE /',
      { buildArgs: { FROM_THERE: 'other' } },
      [...own, ...other],
    ],
    [
      'one path, beside another that cannot be known',
      'FROM a\nCOPY docker/$UNKNOWN docker/other/run.sh /',
      {},
      [...own, ...other],
    ],
  ])('come with it by %s', async (_, text, settings, expected) => {
    expect(await laid(text, settings)).toEqual(expected);
  });

  test.each<[string, string, Partial<Service>]>([
    ['a COPY of everything', 'FROM a\nCOPY . /\nCOPY docker /d', {}],
    ['a glob', 'FROM a\nCOPY docker/_sh*/wait.sh docker/*/run.sh /', {}],
    ['a folder of that name elsewhere', 'FROM a\nCOPY _shared other/docker/other /', {}],
    ['a COPY from another stage', 'FROM a AS x\nFROM b\nCOPY --from=x docker/_shared /', {}],
    ['a stage that is not built', 'FROM a AS x\nCOPY docker/_shared /\nFROM b', {}],
    ['a name that the folder itself has', 'FROM a\nCOPY docker/lib/hidden.sh /', {}],
    ['a context without the docker folder', 'FROM a\nCOPY docker/_shared /', { context: 'elsewhere' }],
    ['a name that no folder has', 'FROM a\nCOPY docker/nobody docker/Dockerfile docker/.. /', {}],
    ['a Dockerfile that cannot be read', 'COPY docker/_shared /', {}],
  ])('stay away in spite of %s', async (_, text, settings) => {
    expect(await laid(text, settings)).toEqual(own);
  });

  test('are nothing to a Dockerfile of the application', async () => {
    const text = 'FROM a\nCOPY docker/_shared/wait.sh /';
    expect(await laid(text, {}, { 'docker/Dockerfile': text })).toBeUndefined();
  });

  test('are part of the key where they are named, as if they were in the docker folder', async () => {
    const text = 'FROM a\nCOPY docker/_shared/wait.sh /';
    const keyOf = async (changes: Files, files: Files = {}) =>
      (await packagingOf(files, {}, { ...central, 'app/Dockerfile': text, ...changes })).key;
    const key = await keyOf({});
    expect(await keyOf({ '_shared/wait.sh': 'changed' })).not.toBe(key);
    expect(await keyOf({ 'other/run.sh': 'changed', 'lib/hidden.sh': 'changed' })).toBe(key);
    const moved = {
      'docker/Dockerfile': text,
      'docker/lib/own.sh': '1',
      'docker/_shared/wait.sh': { run: '2' },
      'docker/_shared/deep/a.txt': '3',
    };
    expect(await keyOf({}, moved)).toBe(key.replace('central:', 'application:'));
  });
});
